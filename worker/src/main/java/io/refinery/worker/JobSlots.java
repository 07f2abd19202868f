package io.refinery.worker;

import io.refinery.broker.BrokerCheck;
import io.refinery.broker.GroupRecordProcessor;
import io.refinery.broker.KafkaClients;
import io.refinery.broker.RecordProcessor;
import io.refinery.broker.ShareGroup;
import io.refinery.broker.ShareRecordProcessor;
import io.refinery.broker.SingleQueue;
import io.refinery.broker.StoredAttempts;
import io.refinery.message.JobPriority;
import io.refinery.storage.ObjectStorage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slots of a worker, which take its jobs. Each priority has slots of its own, so that no job
 * waits for one of the other priority. There are none until they are opened.
 */
final class JobSlots implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(JobSlots.class);

  /** Even an idle slot takes a moment to stop. */
  private static final Duration SHORTEST_GRACE = Duration.ofMillis(100);

  private final WorkerConfig config;
  private final List<RecordProcessor> slots = new CopyOnWriteArrayList<>();

  JobSlots(WorkerConfig config) {
    this.config = config;
  }

  /** Returns the share group that shares the jobs among workers. */
  ShareGroup group() {
    WorkerConfig.Delivery delivery = config.delivery();
    return new ShareGroup(delivery.group(), delivery.lock(), delivery.deliveries());
  }

  /**
   * Begins to take jobs.
   *
   * @param queue the topic of the jobs of normal priority, which may be one of copies
   */
  void open(
      BrokerCheck broker,
      KafkaClients clients,
      ObjectStorage storage,
      String queue,
      RecordProcessor.Work work) {
    String high = config.broker().topics().highJobs();
    if (broker.hasShareGroups()) {
      String highQueue = SingleQueue.single(high, broker).topic();
      int each = config.delivery().jobsAtATime();
      for (int slot = 0; slot < each; slot++) {
        slots.add(slot(slot, queue, clients, work));
        slots.add(slot(each + slot, highQueue, clients, work));
      }
    } else {
      slots.add(member(JobPriority.NORMAL, queue, clients, storage, work));
      slots.add(member(JobPriority.HIGH, high, clients, storage, work));
    }
    slots.forEach(RecordProcessor::start);
  }

  private ShareRecordProcessor slot(
      int number, String topic, KafkaClients clients, RecordProcessor.Work work) {
    return new ShareRecordProcessor(
        config.name() + "-" + number,
        () -> clients.member(group(), number),
        topic,
        work,
        config.delivery().lock());
  }

  /** Takes all jobs of a topic for this worker, from a broker without share groups. */
  private GroupRecordProcessor member(
      JobPriority priority,
      String topic,
      KafkaClients clients,
      ObjectStorage storage,
      RecordProcessor.Work work) {
    int number = priority == JobPriority.NORMAL ? 0 : 1;
    String group = priority.consumerGroup(config.delivery().group());
    return new GroupRecordProcessor(
        config.name() + "-" + number,
        member -> clients.groupMember(group, number, member),
        topic,
        work,
        StoredAttempts.of(storage, config.bucket(), group),
        config.delivery().jobsAtATime());
  }

  boolean areOpen() {
    return !slots.isEmpty();
  }

  /** Returns whether all slots still take jobs. */
  boolean areAlive() {
    return slots.stream().allMatch(RecordProcessor::isAlive);
  }

  /** Takes no more jobs; running ones continue. */
  void takeNoMore() {
    slots.forEach(RecordProcessor::takeNoMore);
  }

  /** Takes no more jobs, and waits for running ones for at most {@code delivery.grace}. */
  void finish() {
    takeNoMore();
    long end = System.nanoTime() + config.delivery().grace().toNanos();
    try {
      for (RecordProcessor slot : slots) {
        long left = Math.max(SHORTEST_GRACE.toNanos(), end - System.nanoTime());
        if (!slot.finish(Duration.ofNanos(left))) {
          log.info("Jobs are still running after {}; releasing them", config.delivery().grace());
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Interrupts running jobs, and returns when all are given back. */
  @Override
  public void close() {
    slots.forEach(RecordProcessor::close);
  }
}
