package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.storage.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
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

class GroupRecordProcessorTest {

  private static final TopicPartition ONE = new TopicPartition("jobs", 0);
  private static final TopicPartition OTHER = new TopicPartition("jobs", 1);

  private final List<PatientConsumer> consumers = new CopyOnWriteArrayList<>();
  private final List<String> worked = new CopyOnWriteArrayList<>();
  private final Map<Long, Semaphore> gates = new ConcurrentHashMap<>();
  private final Queue<AcknowledgeType> answers = new ConcurrentLinkedQueue<>();
  private final Map<Long, Integer> counts = new ConcurrentHashMap<>();
  private final AtomicInteger outages = new AtomicInteger();
  private volatile boolean ready = true;
  private final GroupRecordProcessor processor =
      new GroupRecordProcessor(
          "test", member -> consumer(), "jobs", new Work(), new MemoryAttempts(), 2);

  /** Does not return at once from a poll without records, as the real one. */
  private static final class PatientConsumer extends MockConsumer<String, byte[]> {
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

    OptionalLong offset(TopicPartition partition) {
      OffsetAndMetadata offset = committed(Set.of(partition)).get(partition);
      return offset == null ? OptionalLong.empty() : OptionalLong.of(offset.offset());
    }
  }

  private final class Work implements RecordProcessor.Work {
    @Override
    public AcknowledgeType run(ConsumerRecord<String, byte[]> record) {
      worked.add(record.offset() + " try " + record.deliveryCount().orElseThrow());
      try {
        Semaphore gate = gates.get(record.offset());
        if (gate != null) {
          gate.acquire();
        }
        AcknowledgeType answer = answers.poll();
        return answer == null ? AcknowledgeType.ACCEPT : answer;
      } catch (InterruptedException e) {
        return AcknowledgeType.RELEASE;
      }
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public AcknowledgeType decline(ConsumerRecord<String, byte[]> record) {
      return AcknowledgeType.RELEASE;
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
    PatientConsumer consumer = new PatientConsumer();
    consumers.add(consumer);
    return consumer;
  }

  @AfterEach
  void close() {
    processor.close();
    assertThat(consumers).allMatch(MockConsumer::closed);
  }

  private PatientConsumer started() {
    processor.start();
    await().until(() -> consumers.size() == 1);
    PatientConsumer consumer = consumers.get(0);
    await().until(() -> !consumer.subscription().isEmpty());
    assign(consumer, ONE);
    return consumer;
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

  private void hold(long offset) {
    gates.put(offset, new Semaphore(0));
  }

  private void let(long offset) {
    gates.get(offset).release(100);
  }

  @Test
  void anOffsetIsCommittedAfterTheWorkAndTheCountIsForgotten() {
    PatientConsumer consumer = started();
    arrive(consumer, 0);
    await().until(() -> consumer.offset(ONE).equals(OptionalLong.of(1)));
    assertThat(worked).containsExactly("0 try 1");
    assertThat(counts).isEmpty();
    assertThat(processor.isAlive()).isTrue();
  }

  @Test
  void noOffsetIsCommittedBehindWorkThatHasNotEnded() {
    hold(0);
    PatientConsumer consumer = started();
    arrive(consumer, 0, 1, 2);
    await().until(() -> worked.size() == 3);
    assertThat(consumer.offset(ONE)).isEmpty();

    let(0);
    await().until(() -> consumer.offset(ONE).equals(OptionalLong.of(3)));
  }

  @Test
  void noMoreRecordsAreInHandThanAllowedAndTheConsumerStillPolls() {
    hold(0);
    hold(1);
    PatientConsumer consumer = started();
    arrive(consumer, 0, 1, 2);
    await().until(() -> consumer.paused().contains(ONE));
    assertThat(worked).containsExactlyInAnyOrder("0 try 1", "1 try 1");

    let(1);
    await().until(() -> worked.contains("2 try 1"));
    let(0);
  }

  @Test
  void aReleasedRecordIsTriedAgainAndCounted() {
    answers.addAll(List.of(AcknowledgeType.RELEASE, AcknowledgeType.RELEASE));
    PatientConsumer consumer = started();
    arrive(consumer, 0);
    await().until(() -> consumer.offset(ONE).equals(OptionalLong.of(1)));
    assertThat(worked).containsExactly("0 try 1", "0 try 2", "0 try 3");
  }

  @Test
  void workThatAStopInterruptsIsGivenBackUncountedAndUncommitted() {
    hold(0);
    PatientConsumer consumer = started();
    arrive(consumer, 0, 1);
    await().until(() -> worked.size() == 2);
    processor.close();
    assertThat(counts).containsExactly(Map.entry(0L, 0));
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void aStopLetsTheWorkFinishAndCommitsIt() throws Exception {
    hold(0);
    PatientConsumer consumer = started();
    arrive(consumer, 0);
    await().until(() -> worked.size() == 1);
    processor.takeNoMore();
    assertThat(processor.finish(Duration.ofMillis(20))).isFalse();
    assertThat(consumer.closed()).isFalse();
    let(0);
    assertThat(processor.finish(Duration.ofSeconds(10))).isTrue();
    await().until(consumer::closed);
    assertThat(counts).isEmpty();
    assertThat(processor.isAlive()).isFalse();
  }

  @Test
  void nothingIsTakenWhileARebalanceRuns() {
    PatientConsumer consumer = started();
    consumer.schedulePollTask(processor::joins);
    await().until(() -> consumer.paused().contains(ONE));
    arrive(consumer, 0);
    consumer.schedulePollTask(processor::assigned);
    await().until(() -> worked.contains("0 try 1"));
  }

  @Test
  void aPartitionWithWorkIsNamedWhenAMemberJoins() {
    hold(0);
    PatientConsumer consumer = started();
    arrive(consumer, 0);
    await().until(() -> worked.size() == 1);
    List<Set<TopicPartition>> busy = new CopyOnWriteArrayList<>();
    consumer.schedulePollTask(() -> busy.add(processor.joins()));
    await().until(() -> busy.size() == 1);
    assertThat(busy).containsExactly(Set.of(ONE));
    consumer.schedulePollTask(processor::assigned);
    let(0);
  }

  @Test
  void workOnALostPartitionGoesToItsEndAndIsNotCommitted() {
    hold(0);
    PatientConsumer consumer = started();
    arrive(consumer, 0);
    await().until(() -> worked.size() == 1);
    assign(consumer, OTHER);
    let(0);
    await().until(counts::isEmpty);
    assertThat(consumer.offset(ONE)).isEmpty();
    assertThat(processor.isAlive()).isTrue();
  }

  @Test
  void aStoreThatCannotCountIsWaitedFor() {
    outages.set(1);
    PatientConsumer consumer = started();
    arrive(consumer, 0);
    await().until(() -> worked.contains("0 try 1"));
    await().until(() -> consumer.offset(ONE).equals(OptionalLong.of(1)));
  }

  @Test
  void nothingIsTakenWhileTheServiceIsNotReady() {
    ready = false;
    PatientConsumer consumer = started();
    arrive(consumer, 0);
    await().until(() -> consumer.paused().contains(ONE));
    assertThat(worked).isEmpty();
    ready = true;
    await().until(() -> worked.contains("0 try 1"));
  }
}
