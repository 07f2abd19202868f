package io.refinery.broker;

import java.time.Duration;

/**
 * A share group, whose members share the records of a topic. Each record is locked for one member.
 *
 * @param lock how long a member keeps a record without renewing its lock; brokers allow 15 to 60
 *     seconds by default
 * @param deliveries the most deliveries per record; brokers allow 2 to 10
 */
public record ShareGroup(String name, Duration lock, int deliveries) {}
