package io.refinery.message;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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

/** Makes the topics and the share group what the parts expect them to be. */
public final class TopicSetup {

  private static final Map<String, String> COMPACTED =
      Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);

  private final Admin admin;
  private final Topics topics;

  public TopicSetup(Admin admin, Topics topics) {
    this.admin = admin;
    this.topics = topics;
  }

  /**
   * Creates those topics that are not there; one that is there stays as it is.
   *
   * @param partitions of the jobs' topic; the others have one
   * @throws IllegalStateException when the broker refuses
   */
  public void ensureTopics(int partitions) {
    List<NewTopic> wanted =
        List.of(
            topic(topics.jobs(), partitions, Map.of()),
            topic(topics.results(), 1, COMPACTED),
            topic(topics.events(), 1, Map.of()),
            topic(topics.models(), 1, COMPACTED),
            topic(topics.trainings(), 1, Map.of()),
            topic(topics.dead(), 1, Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1")));
    for (KafkaFuture<Void> created : admin.createTopics(wanted).values().values()) {
      await(created, "Topics cannot be created", Set.of(TopicExistsException.class));
    }
  }

  /**
   * Sets how a share group takes jobs: from the first one on, each under a lock.
   *
   * @param lock how long a job is a worker's before it is given to another; the broker allows 15 to
   *     60 seconds as it comes
   * @param deliveries how often a job is delivered at most; the broker allows 2 to 10
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
        "The share group '" + group + "' cannot be configured",
        Set.of());
  }

  private static NewTopic topic(String name, int partitions, Map<String, String> configs) {
    return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configs);
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
  }

  private static void await(
      KafkaFuture<?> future, String trouble, Set<Class<? extends Throwable>> harmless) {
    try {
      future.get();
    } catch (ExecutionException e) {
      if (!harmless.contains(e.getCause().getClass())) {
        throw new IllegalStateException(trouble + ": " + e.getCause().getMessage(), e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(trouble + ": interrupted", e);
    }
  }
}
