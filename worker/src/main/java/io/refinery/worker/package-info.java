/** Takes jobs from a Kafka share group, refines their bundles, stores and publishes the results. */
package io.refinery.worker;
