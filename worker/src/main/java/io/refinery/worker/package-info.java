/**
 * Takes jobs from a Kafka share group, refines their bundles, and stores and publishes the results.
 * How messages are delivered and retried does not belong here.
 */
package io.refinery.worker;
