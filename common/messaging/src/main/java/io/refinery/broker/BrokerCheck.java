package io.refinery.broker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks that a broker can serve a group, and reads the group's state. */
public final class BrokerCheck {

  private static final Logger log = LoggerFactory.getLogger(BrokerCheck.class);

  /** A broker that does not answer for this long at startup counts as unreachable. */
  private static final int ANSWER_MS = 10_000;

  /** A broker may hear of a topic after its creation was confirmed. */
  private static final int UNKNOWN_PAUSE_MS = 100;

  private final Admin admin;
  private final BrokerConfig broker;
  private final ShareGroup group;
  private final List<String> consumerGroups;
  private volatile boolean shared = true;
  private volatile boolean keepsUndelivered;

  /**
   * @param admin not closed by this class; the caller closes it
   */
  public BrokerCheck(Admin admin, BrokerConfig broker, ShareGroup group) {
    this(admin, broker, group, List.of(group.name()));
  }

  /**
   * @param admin not closed by this class; the caller closes it
   * @param consumerGroups the groups that take the same requests from a broker without share groups
   */
  public BrokerCheck(
      Admin admin, BrokerConfig broker, ShareGroup group, List<String> consumerGroups) {
    this.consumerGroups = List.copyOf(consumerGroups);
    this.admin = admin;
    this.broker = broker;
    this.group = group;
  }

  /**
   * Looks whether the broker has share groups, creates missing topics and configures the group.
   *
   * @return the group with the number of deliveries in force
   * @throws BrokerException when the broker cannot be used
   */
  public ShareGroup prepare() {
    BrokerFeatures features = features();
    shared = features.hasShareGroups(broker.address());
    keepsUndelivered = shared && features.keepsUndelivered();
    int partitions = broker.jobPartitions(shared);
    try {
      new TopicSetup(admin, broker.topics())
          .ensureTopics(partitions, shared ? 1 : partitions, broker.replication());
      if (!shared) {
        log.info(
            "The broker at {} has no share groups: using the consumer group {}, in which each"
                + " partition is read by one process",
            broker.address(),
            group.name());
        return group;
      }
      return new ShareGroupSetup(new AdminGroupConfigs(admin), broker.address()).configure(group);
    } catch (IllegalStateException e) {
      throw new BrokerException(e.getMessage(), e);
    }
  }

  /** Returns whether the broker has share groups; known after {@link #prepare}. */
  public boolean hasShareGroups() {
    return shared;
  }

  /**
   * Has the broker keep the records that it drops after their last delivery, if it can; call after
   * {@link #prepare}.
   *
   * @param requests the topic that the group takes requests from
   * @return the topic with these records
   */
  public Optional<String> keepUndelivered(String requests) {
    return keepsUndelivered
        ? new UndeliveredSetup(admin, broker).configure(group.name(), requests)
        : Optional.empty();
  }

  private BrokerFeatures features() {
    try {
      return BrokerFeatures.of(
          admin
              .describeFeatures(new DescribeFeaturesOptions().timeoutMs(ANSWER_MS))
              .featureMetadata()
              .get());
    } catch (ExecutionException e) {
      throw new BrokerException(
          "Cannot query the features of the broker at %s: %s"
              .formatted(broker.address(), e.getCause().getMessage()),
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerException("Interrupted while waiting for the broker", e);
    }
  }

  /** Returns the number of a topic's partitions. */
  int partitions(String topic) {
    try {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MS);
      Optional<Integer> partitions = knownPartitions(topic);
      while (partitions.isEmpty() && System.nanoTime() < end) {
        TimeUnit.MILLISECONDS.sleep(UNKNOWN_PAUSE_MS);
        partitions = knownPartitions(topic);
      }
      return partitions.orElseThrow(
          () ->
              new BrokerException(
                  "The broker at %s still does not know the topic %s, %d s after it was created; see the broker's log"
                      .formatted(broker.address(), topic, ANSWER_MS / 1000)));
    } catch (ExecutionException e) {
      throw new BrokerException(
          "Cannot describe the topic %s at %s: %s"
              .formatted(topic, broker.address(), e.getCause().getMessage()),
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerException("Interrupted while waiting for the broker", e);
    }
  }

  /** Returns empty if the broker has not heard of a topic that was just created. */
  private Optional<Integer> knownPartitions(String topic)
      throws ExecutionException, InterruptedException {
    try {
      return Optional.of(
          admin
              .describeTopics(List.of(topic))
              .topicNameValues()
              .get(topic)
              .get()
              .partitions()
              .size());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Checks that the broker answers.
   *
   * @throws BrokerException when it does not
   */
  public void requireAnswer() throws InterruptedException {
    try {
      admin.describeCluster(new DescribeClusterOptions().timeoutMs(ANSWER_MS)).nodes().get();
    } catch (ExecutionException e) {
      throw new BrokerException(
          "The broker at %s does not answer: %s"
              .formatted(broker.address(), e.getCause().getMessage()),
          e.getCause());
    }
  }

  /** Returns what the group has not finished, in all partitions that report it. */
  OpenRecords open() throws ExecutionException, InterruptedException {
    return shared ? sharedRecords() : groupRecords();
  }

  private OpenRecords groupRecords() throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (String name : consumerGroups) {
      offsets.putAll(admin.listConsumerGroupOffsets(name).partitionsToOffsetAndMetadata().get());
    }
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    offsets.forEach(
        (partition, offset) -> {
          if (offset != null) {
            ends.put(partition, OffsetSpec.latest());
          }
        });
    Map<TopicPartition, Long> firsts = new HashMap<>();
    long records = 0;
    for (var end : admin.listOffsets(ends).all().get().entrySet()) {
      long first = offsets.get(end.getKey()).offset();
      long behind = end.getValue().offset() - first;
      if (behind > 0) {
        firsts.put(end.getKey(), first);
        records += behind;
      }
    }
    return new OpenRecords(records, firsts);
  }

  private OpenRecords sharedRecords() throws ExecutionException, InterruptedException {
    Map<TopicPartition, SharePartitionOffsetInfo> partitions =
        admin
            .listShareGroupOffsets(Map.of(group.name(), new ListShareGroupOffsetsSpec()))
            .partitionsToOffsetInfo(group.name())
            .get();
    Map<TopicPartition, Long> firsts = new HashMap<>();
    long records = 0;
    for (var one : partitions.entrySet()) {
      long behind = one.getValue() == null ? 0 : one.getValue().lag().orElse(0L);
      if (behind > 0) {
        firsts.put(one.getKey(), one.getValue().startOffset());
        records += behind;
      }
    }
    return new OpenRecords(records, firsts);
  }
}
