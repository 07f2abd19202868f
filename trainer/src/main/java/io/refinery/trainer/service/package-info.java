/**
 * Takes requests for trainings from a Kafka share group, runs them one at a time, keeps their
 * checkpoints and outcomes in object storage, and tells of them.
 */
package io.refinery.trainer.service;
