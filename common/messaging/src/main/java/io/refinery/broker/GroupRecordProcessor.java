package io.refinery.broker;

import io.refinery.status.ServiceThread;
import io.refinery.storage.StorageException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes the records of the partitions that a consumer group assigns to this process, for
 * brokers without share groups. One thread owns the consumer; others do the work, on at most a
 * given number of records at a time.
 *
 * <p>The consumer polls while work runs, so that a long job does not cost it its partitions. It
 * pauses its partitions while it can take no record. A record that a poll returns all the same, as
 * after an assignment, is left for a later poll.
 *
 * <p>An offset is committed up to the first record that has not ended. Records behind it are
 * repeated after a crash, which is harmless, because a request has one result. Deliveries are
 * counted in {@link Attempts}, since offsets carry no count; a released record is tried again here,
 * and counts as delivered again.
 *
 * <p>{@link KeepBusyAssignor} leaves partitions with work to their owner. A member takes nothing
 * while a rebalance runs, or it would begin work on a partition that it is about to lose. If it
 * loses one nevertheless, because it was suspended or cut off, the work on it goes to its end.
 */
public final class GroupRecordProcessor implements RecordProcessor, KeepBusyAssignor.Member {

  private static final Logger log = LoggerFactory.getLogger(GroupRecordProcessor.class);

  /** The longest wait for a record, and thus for a stop, of a processor without work. */
  private static final Duration IDLE = Duration.ofMillis(500);

  /** How soon the end of some work is noticed while the processor waits for another record. */
  private static final Duration BUSY = Duration.ofMillis(100);

  private static final Duration COMMIT = Duration.ofSeconds(10);
  private static final Duration CLOSE = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final String topic;
  private final Function<KeepBusyAssignor.Member, Consumer<String, byte[]>> consumers;
  private final Work work;
  private final Attempts attempts;
  private final int atATime;
  private final ExecutorService worker;
  private final ServiceThread poller;
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
  private final Set<TopicPartition> assigned = ConcurrentHashMap.newKeySet();

  // Of the polling thread alone.
  private final Map<TopicPartition, PartitionProgress> progress = new HashMap<>();
  private final Set<Position> inHand = new HashSet<>();
  private boolean joining;

  private record Position(TopicPartition partition, long offset) {
    static Position of(ConsumerRecord<?, ?> record) {
      return new Position(new TopicPartition(record.topic(), record.partition()), record.offset());
    }
  }

  /**
   * @param done whether the record must not be delivered again
   */
  private record Ended(Position position, boolean done) {}

  /**
   * @param consumers creates a consumer of the group for this member, and a new one after each
   *     failure
   * @param atATime the most records to work on at a time, at least 1
   */
  public GroupRecordProcessor(
      String name,
      Function<KeepBusyAssignor.Member, Consumer<String, byte[]>> consumers,
      String topic,
      Work work,
      Attempts attempts,
      int atATime) {
    this.topic = topic;
    this.consumers = consumers;
    this.work = work;
    this.attempts = attempts;
    this.atATime = atATime;
    // Without a queue: a queue would lose what it holds when the threads are interrupted.
    this.worker = Executors.newCachedThreadPool(task -> new Thread(task, name));
    this.poller = new ServiceThread(name + "-poll", this::serve);
  }

  @Override
  public GroupRecordProcessor start() {
    poller.start();
    return this;
  }

  @Override
  public boolean isAlive() {
    return poller.isAlive();
  }

  @Override
  public Set<TopicPartition> joins() {
    joining = true;
    return inHand.stream().map(Position::partition).collect(Collectors.toSet());
  }

  @Override
  public void assigned() {
    joining = false;
  }

  private void serve(ServiceThread self) throws InterruptedException {
    Consumer<String, byte[]> consumer = consumers.apply(this);
    try {
      consumer.subscribe(List.of(topic), new Rebalances(consumer));
      while (!self.isStopping() || !inHand.isEmpty()) {
        take(consumer, poll(consumer));
        settle(consumer);
      }
    } catch (KafkaException e) {
      log.warn("Cannot take records from {}; retrying in {}", topic, PAUSE, e);
      self.awaitStop(PAUSE);
    } finally {
      lose(Set.copyOf(progress.keySet()));
      joining = false;
      consumer.close(CloseOptions.timeout(CLOSE));
    }
  }

  /** Polls even if it can take no record: a member that does not poll is taken for dead. */
  private ConsumerRecords<String, byte[]> poll(Consumer<String, byte[]> consumer)
      throws InterruptedException {
    Set<TopicPartition> unwanted = unwanted(consumer);
    consumer.resume(without(consumer.paused(), unwanted));
    consumer.pause(without(unwanted, consumer.paused()));
    if (mayTake()) {
      return consumer.poll(inHand.isEmpty() ? IDLE : BUSY);
    }
    ConsumerRecords<String, byte[]> records = consumer.poll(Duration.ZERO);
    Optional.ofNullable(ended.poll(BUSY.toMillis(), TimeUnit.MILLISECONDS)).ifPresent(this::end);
    return records;
  }

  private boolean mayTake() {
    return !poller.isStopping() && !joining && inHand.size() < atATime && work.isReady();
  }

  private Set<TopicPartition> unwanted(Consumer<?, ?> consumer) {
    if (!mayTake()) {
      return consumer.assignment();
    }
    Set<TopicPartition> unwanted =
        progress.entrySet().stream()
            .filter(one -> one.getValue().isFarAhead())
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(HashSet::new));
    // A partition that was lost and regained begins with a record on which work still runs.
    inHand.stream()
        .filter(one -> progress.containsKey(one.partition()))
        .filter(one -> !progress.get(one.partition()).isOpen(one.offset()))
        .map(Position::partition)
        .forEach(unwanted::add);
    return unwanted;
  }

  private static Set<TopicPartition> without(Set<TopicPartition> some, Set<TopicPartition> others) {
    Set<TopicPartition> left = new HashSet<>(some);
    left.removeAll(others);
    return left;
  }

  private void take(Consumer<String, byte[]> consumer, ConsumerRecords<String, byte[]> records) {
    for (TopicPartition partition : records.partitions()) {
      for (ConsumerRecord<String, byte[]> record : records.records(partition)) {
        if (!take(record)) {
          consumer.seek(partition, record.offset());
          break;
        }
      }
    }
  }

  /** Returns false if the record must be left for a later poll. */
  private boolean take(ConsumerRecord<String, byte[]> record) {
    Position position = Position.of(record);
    if (!mayTake() || inHand.contains(position)) {
      return false;
    }
    try {
      worker.execute(() -> work(position, record));
    } catch (RejectedExecutionException e) {
      return false; // The stop came in between.
    }
    inHand.add(position);
    progress
        .computeIfAbsent(position.partition(), unused -> new PartitionProgress())
        .take(position.offset());
    return true;
  }

  private void end(Ended end) {
    inHand.remove(end.position());
    PartitionProgress partition = progress.get(end.position().partition());
    if (end.done() && partition != null) {
      partition.end(end.position().offset());
    }
  }

  private void settle(Consumer<String, byte[]> consumer) {
    for (Ended end = ended.poll(); end != null; end = ended.poll()) {
      end(end);
    }
    commit(consumer, progress.keySet());
  }

  private void commit(Consumer<String, byte[]> consumer, Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition partition : partitions) {
      progress
          .get(partition)
          .committable()
          .ifPresent(offset -> offsets.put(partition, new OffsetAndMetadata(offset)));
    }
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets, COMMIT);
      offsets.forEach((partition, offset) -> progress.get(partition).committed(offset.offset()));
    } catch (RetriableException | RebalanceInProgressException | CommitFailedException e) {
      // Later, or never: then another member repeats the records, and finds their results.
      log.debug("Cannot commit {} yet", offsets, e);
    }
  }

  private void lose(Collection<TopicPartition> partitions) {
    partitions.forEach(progress::remove);
    assigned.removeAll(partitions);
  }

  /** What happens to the partitions of this member, on the thread that polls. */
  private final class Rebalances implements ConsumerRebalanceListener {

    private final Consumer<String, byte[]> consumer;

    Rebalances(Consumer<String, byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      assigned.addAll(partitions);
      partitions.forEach(partition -> progress.put(partition, new PartitionProgress()));
      log.info("Takes records from {} partitions of {}", assigned.size(), topic);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      settle(consumer);
      lose(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      if (!partitions.isEmpty()) {
        log.warn("Lost {}: this process was away for too long", partitions);
      }
      lose(partitions);
    }
  }

  private void work(Position position, ConsumerRecord<String, byte[]> record) {
    boolean done = false;
    try {
      done = process(record);
    } finally {
      ended.add(new Ended(position, done));
    }
  }

  /** Works on a record until it has ended; returns false if another member must have it. */
  private boolean process(ConsumerRecord<String, byte[]> record) {
    try {
      while (awaitReady()) {
        OptionalInt number = begin(record);
        if (number.isEmpty()) {
          return false;
        }
        AcknowledgeType type = run(counted(record, number.getAsInt()));
        if (type != AcknowledgeType.RELEASE) {
          bestEffort(() -> attempts.end(record));
          return true;
        }
        if (poller.isStopping()) {
          bestEffort(() -> attempts.giveBack(record, number.getAsInt()));
          return false;
        }
        if (!assigned.contains(Position.of(record).partition())) {
          return false;
        }
      }
    } catch (InterruptedException e) {
      log.debug("Interrupted between two tries of {}", RecordCopy.origin(record));
    }
    return false;
  }

  /** Waits until work may begin; returns false if the processor stops. */
  private boolean awaitReady() throws InterruptedException {
    while (!work.isReady()) {
      if (poller.awaitStop(BUSY)) {
        return false;
      }
    }
    return !poller.isStopping();
  }

  /** Counts a delivery as soon as the store is there; returns empty if the processor stops. */
  private OptionalInt begin(ConsumerRecord<String, byte[]> record) throws InterruptedException {
    do {
      try {
        return OptionalInt.of(attempts.begin(record));
      } catch (StorageException e) {
        log.warn(
            "Cannot count the delivery of {}; retrying in {}", RecordCopy.origin(record), PAUSE, e);
      }
    } while (!poller.awaitStop(PAUSE));
    return OptionalInt.empty();
  }

  private AcknowledgeType run(ConsumerRecord<String, byte[]> record) throws InterruptedException {
    try {
      return work.run(record);
    } catch (Throwable e) { // Whatever the failure, the slot must become free again.
      log.error("The work on {} failed unexpectedly", RecordCopy.origin(record), e);
      poller.awaitStop(PAUSE);
      return AcknowledgeType.RELEASE;
    }
  }

  private static ConsumerRecord<String, byte[]> counted(
      ConsumerRecord<String, byte[]> record, int number) {
    return new ConsumerRecord<>(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.timestampType(),
        record.serializedKeySize(),
        record.serializedValueSize(),
        record.key(),
        record.value(),
        record.headers(),
        record.leaderEpoch(),
        Optional.of((short) number));
  }

  private static void bestEffort(Runnable count) {
    // The interrupt of a stop has done its work.
    boolean unused = Thread.interrupted();
    try {
      count.run();
    } catch (StorageException e) {
      log.warn("A count of deliveries is left in the store", e);
    }
  }

  @Override
  public void takeNoMore() {
    poller.stop();
    worker.shutdown();
  }

  @Override
  public boolean finish(Duration grace) throws InterruptedException {
    return worker.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    takeNoMore();
    worker.shutdownNow();
    poller.close();
    try {
      // The polling thread may have ended before, without a broker.
      if (!worker.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS)) {
        log.warn("Work is still running");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
