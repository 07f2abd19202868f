package io.refinery.broker;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The records that a group has not finished.
 *
 * @param count their number
 * @param firsts the offset of the first one in each partition that has any
 */
record OpenRecords(long count, Map<TopicPartition, Long> firsts) {}
