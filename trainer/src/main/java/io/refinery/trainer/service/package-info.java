/**
 * Takes training requests from a Kafka share group, runs them one at a time, keeps their
 * checkpoints and outcomes in object storage, and publishes status updates. How a model is trained
 * does not belong here.
 */
package io.refinery.trainer.service;
