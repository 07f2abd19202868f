package io.refinery.broker;

import java.time.Duration;

/**
 * A share group: its members take the records of a topic from one another, each under a lock.
 *
 * @param lock how long a record stays a member's without a sign of life; the broker allows 15 to 60
 *     seconds as it comes
 * @param deliveries how often a record is delivered at most; the broker allows 2 to 10
 */
public record ShareGroup(String name, Duration lock, int deliveries) {}
