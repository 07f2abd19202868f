package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.storage.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupRecordProcessorTest extends RecordProcessorContract {

  private static final TopicPartition ONE = new TopicPartition("jobs", 0);
  private static final TopicPartition OTHER = new TopicPartition("jobs", 1);

  private final List<PatientConsumer> consumers = new CopyOnWriteArrayList<>();
  private final Map<Long, Integer> counts = new ConcurrentHashMap<>();
  private final AtomicInteger outages = new AtomicInteger();
  private final GroupRecordProcessor processor =
      new GroupRecordProcessor("test", member -> consumer(), "jobs", work, new MemoryAttempts(), 2);

  /** Does not return at once from a poll without records, as the real one. */
  private static final class PatientConsumer extends MockConsumer<String, byte[]> {

    private final Map<TopicPartition, Long> commits = new ConcurrentHashMap<>();

    PatientConsumer() {
      super("earliest");
      updateBeginningOffsets(Map.of(ONE, 0L, OTHER, 0L));
      setMaxPollRecords(1);
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public ConsumerRecords<String, byte[]> poll(Duration timeout) {
      ConsumerRecords<String, byte[]> records = super.poll(timeout);
      if (records.isEmpty()) {
        LockSupport.parkNanos(5_000_000);
      }
      return records;
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
      super.commitSync(offsets, timeout);
      offsets.forEach((partition, offset) -> commits.put(partition, offset.offset()));
    }

    /** Returns the committed offset, also of a consumer that is closed. */
    OptionalLong offset(TopicPartition partition) {
      Long offset = commits.get(partition);
      return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }
  }

  private final class MemoryAttempts implements Attempts {
    @Override
    public int begin(ConsumerRecord<?, ?> record) {
      if (outages.getAndDecrement() > 0) {
        throw new StorageException(StorageException.Kind.UNAVAILABLE, "away");
      }
      return counts.merge(record.offset(), 1, Integer::sum);
    }

    @Override
    public void giveBack(ConsumerRecord<?, ?> record, int number) {
      counts.put(record.offset(), number - 1);
    }

    @Override
    public void end(ConsumerRecord<?, ?> record) {
      counts.remove(record.offset());
    }
  }

  private PatientConsumer consumer() {
    failIfTheBrokerIsAway();
    PatientConsumer consumer = new PatientConsumer();
    consumers.add(consumer);
    return consumer;
  }

  @AfterEach
  void close() {
    processor.close();
    assertThat(consumers).allMatch(MockConsumer::closed);
  }

  @Override
  RecordProcessor processor() {
    return processor;
  }

  @Override
  void begin() {
    processor.start();
    await().until(() -> consumers.size() == 1);
    PatientConsumer consumer = consumers.get(0);
    await().until(() -> !consumer.subscription().isEmpty());
    assign(consumer, ONE);
  }

  @Override
  void arrive(long offset) {
    arrive(consumers.get(0), offset);
  }

  @Override
  boolean isDone(long offset) {
    return offset < consumers.get(0).offset(ONE).orElse(0);
  }

  @Override
  boolean isClosed() {
    return consumers.get(0).closed();
  }

  private PatientConsumer started() {
    begin();
    return consumers.get(0);
  }

  private static void assign(PatientConsumer consumer, TopicPartition... partitions) {
    consumer.schedulePollTask(() -> consumer.rebalance(List.of(partitions)));
    await().until(() -> consumer.assignment().equals(Set.of(partitions)));
  }

  private static void arrive(PatientConsumer consumer, long... offsets) {
    for (long offset : offsets) {
      consumer.addRecord(
          new ConsumerRecord<>("jobs", ONE.partition(), offset, "key-" + offset, new byte[0]));
    }
  }

  @Test
  void anOffsetIsCommittedAfterTheWorkAndTheCountIsForgotten() {
    PatientConsumer consumer = started();
    arrive(consumer, 0);
    await().until(() -> consumer.offset(ONE).equals(OptionalLong.of(1)));
    assertThat(work.tries()).containsExactly("0 try 1");
    assertThat(counts).isEmpty();
    assertThat(processor.isAlive()).isTrue();
  }

  @Test
  void noOffsetIsCommittedBehindWorkThatHasNotEnded() {
    work.hold(0);
    PatientConsumer consumer = started();
    arrive(consumer, 0, 1, 2);
    await().until(() -> work.tries().size() == 3);
    assertThat(consumer.offset(ONE)).isEmpty();

    work.let(0);
    await().until(() -> consumer.offset(ONE).equals(OptionalLong.of(3)));
  }

  @Test
  void noMoreRecordsAreInHandThanAllowedAndTheConsumerStillPolls() {
    work.hold(0);
    work.hold(1);
    PatientConsumer consumer = started();
    arrive(consumer, 0, 1, 2);
    await().until(() -> consumer.paused().contains(ONE));
    assertThat(work.tries()).containsExactlyInAnyOrder("0 try 1", "1 try 1");

    work.let(1);
    await().until(() -> work.tries().contains("2 try 1"));
    work.let(0);
  }

  @Test
  void aReleasedRecordIsTriedAgainAndCounted() {
    work.answer(AcknowledgeType.RELEASE, AcknowledgeType.RELEASE);
    PatientConsumer consumer = started();
    arrive(consumer, 0);
    await().until(() -> consumer.offset(ONE).equals(OptionalLong.of(1)));
    assertThat(work.tries()).containsExactly("0 try 1", "0 try 2", "0 try 3");
  }

  @Test
  void workThatAStopInterruptsIsGivenBackUncountedAndUncommitted() {
    work.hold(0);
    PatientConsumer consumer = started();
    arrive(consumer, 0, 1);
    await().until(() -> work.tries().size() == 2);
    processor.close();
    assertThat(counts).containsExactly(Map.entry(0L, 0));
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void workThatEndsDuringAStopIsNoLongerCounted() {
    work.hold(0);
    PatientConsumer consumer = started();
    arrive(consumer, 0);
    await().until(() -> work.begun().size() == 1);
    processor.takeNoMore();
    work.let(0);
    await().until(consumer::closed);
    assertThat(counts).isEmpty();
  }

  @Test
  void nothingIsTakenWhileARebalanceRuns() {
    PatientConsumer consumer = started();
    consumer.schedulePollTask(processor::joins);
    await().until(() -> consumer.paused().contains(ONE));
    arrive(consumer, 0);
    consumer.schedulePollTask(processor::assigned);
    await().until(() -> work.tries().contains("0 try 1"));
  }

  @Test
  void aPartitionWithWorkIsNamedWhenAMemberJoins() {
    work.hold(0);
    PatientConsumer consumer = started();
    arrive(consumer, 0);
    await().until(() -> work.tries().size() == 1);
    List<Set<TopicPartition>> busy = new CopyOnWriteArrayList<>();
    consumer.schedulePollTask(() -> busy.add(processor.joins()));
    await().until(() -> busy.size() == 1);
    assertThat(busy).containsExactly(Set.of(ONE));
    consumer.schedulePollTask(processor::assigned);
    work.let(0);
  }

  @Test
  void workOnALostPartitionGoesToItsEndAndIsNotCommitted() {
    work.hold(0);
    PatientConsumer consumer = started();
    arrive(consumer, 0);
    await().until(() -> work.tries().size() == 1);
    assign(consumer, OTHER);
    work.let(0);
    await().until(counts::isEmpty);
    assertThat(consumer.offset(ONE)).isEmpty();
    assertThat(processor.isAlive()).isTrue();
  }

  @Test
  void aStoreThatCannotCountIsWaitedFor() {
    outages.set(1);
    PatientConsumer consumer = started();
    arrive(consumer, 0);
    await().until(() -> work.tries().contains("0 try 1"));
    await().until(() -> consumer.offset(ONE).equals(OptionalLong.of(1)));
  }

  @Test
  void nothingIsTakenWhileTheServiceIsNotReady() {
    work.ready(false);
    PatientConsumer consumer = started();
    arrive(consumer, 0);
    await().until(() -> consumer.paused().contains(ONE));
    assertThat(work.tries()).isEmpty();
    work.ready(true);
    await().until(() -> work.tries().contains("0 try 1"));
  }
}
