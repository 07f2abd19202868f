package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class OldestRecordTest {

  private static final TopicPartition FIRST = new TopicPartition("jobs", 0);
  private static final TopicPartition SECOND = new TopicPartition("jobs", 1);

  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
  private final OldestRecord oldest = new OldestRecord(() -> consumer);

  @Test
  void theOldestOfAllPartitionsCounts() {
    consumer.schedulePollTask(() -> add(FIRST, 5, 5_000));
    consumer.schedulePollTask(() -> add(SECOND, 9, 3_000));
    assertThat(oldest.at(Map.of(FIRST, 5L, SECOND, 9L))).contains(Instant.ofEpochSecond(3));
    assertThat(consumer.assignment()).isEmpty();
    oldest.close();
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void withoutOpenRecordsNothingIsRead() {
    assertThat(oldest.at(Map.of())).isEmpty();
    oldest.close();
    assertThat(consumer.closed()).isFalse();
  }

  private void add(TopicPartition partition, long offset, long time) {
    consumer.addRecord(
        new ConsumerRecord<>(
            partition.topic(),
            partition.partition(),
            offset,
            time,
            TimestampType.CREATE_TIME,
            0,
            0,
            "key",
            new byte[0],
            new RecordHeaders(),
            Optional.empty()));
  }
}
