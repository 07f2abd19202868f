package io.refinery.broker;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The records that a group has not finished.
 *
 * @param count their number
 * @param firsts the offset of the first one in each partition that has any
 */
record OpenRecords(long count, Map<TopicPartition, Long> firsts) {

  static final OpenRecords NONE = new OpenRecords(0, Map.of());

  /** Returns the records of one partition, none if {@code count} is not positive. */
  static OpenRecords of(TopicPartition partition, long first, long count) {
    return count > 0 ? new OpenRecords(count, Map.of(partition, first)) : NONE;
  }

  /** Returns these records and others, of other partitions. */
  OpenRecords and(OpenRecords others) {
    Map<TopicPartition, Long> all = new HashMap<>(firsts);
    all.putAll(others.firsts());
    return new OpenRecords(count + others.count(), all);
  }
}
