/**
 * Apache Kafka as the services use it: clients, what is asked of a broker at the start, and the
 * loop that takes one record after the other from a share group.
 */
package io.refinery.broker;
