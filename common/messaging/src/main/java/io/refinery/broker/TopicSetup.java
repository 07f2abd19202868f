package io.refinery.broker;

import io.refinery.message.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.record.TimestampType;

/** Creates the topics. */
public final class TopicSetup {

  private static final Map<String, String> COMPACTED =
      Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);

  private static final Map<String, String> KEPT = Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1");

  /** One clock for requests and their controls, so that it is clear which came first. */
  private static final Map<String, String> BROKERS_CLOCK =
      Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, TimestampType.LOG_APPEND_TIME.name);

  private final Admin admin;
  private final Topics topics;

  public TopicSetup(Admin admin, Topics topics) {
    this.admin = admin;
    this.topics = topics;
  }

  /**
   * Creates missing topics. Existing topics are not changed.
   *
   * @param partitions partitions of the jobs' topic, 0 for 1; the other topics have one
   * @param replication replicas of each partition
   * @throws IllegalStateException when the broker refuses
   */
  public void ensureTopics(int partitions, short replication) {
    ensureTopics(Math.max(1, partitions), 1, replication);
  }

  /**
   * @param jobs partitions of the jobs' topic
   * @param others partitions of the other topics that a group takes requests from
   */
  void ensureTopics(int jobs, int others, short replication) {
    List<NewTopic> wanted =
        List.of(
            topic(topics.jobs(), jobs, replication, Map.of()),
            topic(topics.highJobs(), others, replication, Map.of()),
            topic(topics.results(), 1, replication, COMPACTED),
            topic(topics.events(), 1, replication, Map.of()),
            topic(topics.models(), 1, replication, COMPACTED),
            topic(topics.trainings(), others, replication, both(KEPT, BROKERS_CLOCK)),
            topic(topics.trainingControl(), 1, replication, both(COMPACTED, BROKERS_CLOCK)),
            topic(topics.jobControl(), 1, replication, Map.of()),
            topic(topics.jobQueue(), 1, replication, Map.of()),
            topic(topics.trainingQueue(), 1, replication, both(KEPT, BROKERS_CLOCK)),
            topic(topics.dead(), 1, replication, KEPT));
    Set<String> there = Answers.await(admin.listTopics().names(), "Cannot list topics");
    List<NewTopic> missing = wanted.stream().filter(one -> !there.contains(one.name())).toList();
    for (KafkaFuture<Void> created : admin.createTopics(missing).values().values()) {
      try {
        Answers.await(created, "Cannot create topics");
      } catch (IllegalStateException e) {
        // Another process created them first.
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
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
}
