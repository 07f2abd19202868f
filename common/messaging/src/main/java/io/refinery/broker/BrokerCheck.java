package io.refinery.broker;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
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
  private volatile boolean shared = true;
  private volatile boolean keepsUndelivered;

  /**
   * @param admin not closed by this class; the caller closes it
   */
  public BrokerCheck(Admin admin, BrokerConfig broker, ShareGroup group) {
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
}
