/**
 * Kafka clients, the checks of a broker at startup, and the loop that takes one record at a time
 * from a share group. What a message means does not belong here.
 */
package io.refinery.broker;
