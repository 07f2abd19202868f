package io.refinery.broker;

import io.refinery.message.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.record.TimestampType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the topics and configures the share group. */
public final class TopicSetup {

  private static final Map<String, String> COMPACTED =
      Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);

  private static final Map<String, String> KEPT = Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1");

  /** One clock for requests and their controls, so that it is clear which came first. */
  private static final Map<String, String> BROKERS_CLOCK =
      Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, TimestampType.LOG_APPEND_TIME.name);

  private static final Logger log = LoggerFactory.getLogger(TopicSetup.class);

  private static final String ISOLATION = "share.isolation.level";
  private static final String COMMITTED = "read_committed";

  private final Admin admin;
  private final Topics topics;

  public TopicSetup(Admin admin, Topics topics) {
    this.admin = admin;
    this.topics = topics;
  }

  /**
   * Creates missing topics. Existing topics are not changed.
   *
   * @param partitions partitions of the jobs' topic; the other topics have one
   * @param replication replicas of each partition
   * @throws IllegalStateException when the broker refuses
   */
  public void ensureTopics(int partitions, short replication) {
    List<NewTopic> wanted =
        List.of(
            topic(topics.jobs(), partitions, replication, Map.of()),
            topic(topics.results(), 1, replication, COMPACTED),
            topic(topics.events(), 1, replication, Map.of()),
            topic(topics.models(), 1, replication, COMPACTED),
            topic(topics.trainings(), 1, replication, both(KEPT, BROKERS_CLOCK)),
            topic(topics.trainingControl(), 1, replication, both(COMPACTED, BROKERS_CLOCK)),
            topic(topics.jobQueue(), 1, replication, Map.of()),
            topic(topics.trainingQueue(), 1, replication, both(KEPT, BROKERS_CLOCK)),
            topic(topics.dead(), 1, replication, KEPT));
    Set<String> there = await(admin.listTopics().names(), "Cannot list topics");
    List<NewTopic> missing = wanted.stream().filter(one -> !there.contains(one.name())).toList();
    for (KafkaFuture<Void> created : admin.createTopics(missing).values().values()) {
      try {
        await(created, "Cannot create topics");
      } catch (IllegalStateException e) {
        // Another process created them first.
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
  }

  /**
   * Configures a share group to take jobs from the first one on, each under a lock, and no message
   * of an aborted transaction.
   *
   * @param lock how long a worker keeps a job without renewing its lock; brokers allow 15 to 60
   *     seconds by default
   * @param deliveries the most deliveries per job; brokers allow 2 to 10
   * @throws IllegalStateException when the broker refuses
   */
  public void configureShareGroup(String group, Duration lock, int deliveries) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    Collection<AlterConfigOp> settings = new ArrayList<>();
    settings.add(set("share.auto.offset.reset", "earliest"));
    settings.add(set("share.record.lock.duration.ms", Long.toString(lock.toMillis())));
    settings.add(set("share.delivery.count.limit", Integer.toString(deliveries)));
    await(
        admin.incrementalAlterConfigs(Map.of(resource, settings)).all(),
        "Cannot configure the share group '" + group + "'");
    readCommitted(resource);
  }

  /**
   * Hides messages of aborted transactions from the group. An operator's own choice stays, and a
   * broker that refuses does not stop the service: only senders that use transactions notice.
   */
  private void readCommitted(ConfigResource group) {
    try {
      Optional<String> chosen = chosen(group, ISOLATION);
      if (chosen.isEmpty()) {
        await(
            admin.incrementalAlterConfigs(Map.of(group, List.of(set(ISOLATION, COMMITTED)))).all(),
            "Cannot set it");
      } else if (!chosen.get().equals(COMMITTED)) {
        log.warn(
            "{} of the share group {} is {}, which somebody set: messages of aborted transactions"
                + " are processed. Set it to {} unless you want that.",
            ISOLATION,
            group.name(),
            chosen.get(),
            COMMITTED);
      }
    } catch (IllegalStateException e) {
      log.warn(
          "{} of the share group {} cannot be set to {}: messages of aborted transactions may be"
              + " processed. Set it with kafka-configs.sh. {}",
          ISOLATION,
          group.name(),
          COMMITTED,
          e.getMessage());
    }
  }

  /** Returns a group's setting if somebody set it for this group. */
  private Optional<String> chosen(ConfigResource group, String name) {
    ConfigEntry entry =
        await(
                admin.describeConfigs(List.of(group)).values().get(group),
                "Cannot read the group's settings")
            .get(name);
    return entry != null && entry.source() == ConfigEntry.ConfigSource.DYNAMIC_GROUP_CONFIG
        ? Optional.of(entry.value())
        : Optional.empty();
  }

  private static Map<String, String> both(Map<String, String> some, Map<String, String> others) {
    Map<String, String> configs = new HashMap<>(some);
    configs.putAll(others);
    return configs;
  }

  private static NewTopic topic(
      String name, int partitions, short replication, Map<String, String> configs) {
    return new NewTopic(name, partitions, replication).configs(configs);
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
  }

  private static <T> T await(KafkaFuture<T> future, String trouble) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(trouble + ": " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(trouble + ": interrupted", e);
    }
  }
}
