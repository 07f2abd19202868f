package io.refinery.broker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a broker keep the records that it drops after their last delivery, in the dead-letter queue
 * of their share group. A broker does not write to a topic of another prefix, or to one that does
 * not allow it, and says so only in its own log.
 */
final class UndeliveredSetup {

  private static final Logger log = LoggerFactory.getLogger(UndeliveredSetup.class);

  private static final String TOPIC = "errors.deadletterqueue.topic.name";
  private static final String COPIES = "errors.deadletterqueue.copy.record.enable";
  private static final String PREFIX = "errors.deadletterqueue.topic.name.prefix";
  private static final String ALLOWED = TopicConfig.ERRORS_DEADLETTERQUEUE_GROUP_ENABLE_CONFIG;
  private static final String YES = "true";

  /** What brokers demand by default. */
  private static final String DEFAULT_PREFIX = "dlq.";

  /** A record of the largest size by default, with the headers that the broker adds. */
  private static final int LARGEST_RECORD = 2 << 20;

  private final Admin admin;
  private final AdminGroupConfigs groups;
  private final BrokerConfig broker;

  /**
   * @param admin not closed by this class
   */
  UndeliveredSetup(Admin admin, BrokerConfig broker) {
    this.admin = admin;
    this.groups = new AdminGroupConfigs(admin);
    this.broker = broker;
  }

  /**
   * Prepares the group's topic of undelivered records. A name that somebody has set for the group
   * stays.
   *
   * @param requests the topic that the group takes requests from
   * @return the topic; empty if the broker cannot or may not be set up
   */
  Optional<String> configure(String group, String requests) {
    Map<String, String> known;
    try {
      known =
          groups.describe(group).stream()
              .filter(entry -> entry.value() != null)
              .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    } catch (IllegalStateException e) {
      log.debug("Cannot read the settings of the group {}", group, e);
      return Optional.empty();
    }
    if (!known.containsKey(TOPIC)) {
      return Optional.empty();
    }
    String topic =
        Optional.of(known.get(TOPIC))
            .filter(name -> !name.isBlank())
            .orElseGet(() -> name(requests));
    Map<String, String> settings = new HashMap<>(Map.of(TOPIC, topic, COPIES, YES));
    settings.entrySet().removeIf(one -> one.getValue().equals(known.get(one.getKey())));
    try {
      allow(topic);
      if (!settings.isEmpty()) {
        groups.set(group, settings);
      }
      return Optional.of(topic);
    } catch (IllegalStateException e) {
      log.warn(
          "Messages that the broker drops after their last delivery are lost, because {} cannot be"
              + " set up for them. Create this topic with {}=true, and set {}={},{}=true for the"
              + " group {}. {}",
          topic,
          ALLOWED,
          TOPIC,
          topic,
          COPIES,
          group,
          e.getMessage());
      return Optional.empty();
    }
  }

  private String name(String requests) {
    String prefix = prefix();
    return (DEFAULT_PREFIX.startsWith(prefix) ? DEFAULT_PREFIX : prefix) + requests;
  }

  private String prefix() {
    try {
      return groups.ofBrokers(PREFIX).stream().findFirst().orElse(DEFAULT_PREFIX);
    } catch (IllegalStateException e) {
      log.debug("Assuming the prefix {}", DEFAULT_PREFIX, e);
      return DEFAULT_PREFIX;
    }
  }

  /** Creates the topic, or lets an existing one be used. */
  private void allow(String topic) {
    if (!Answers.await(admin.listTopics().names(), "Cannot list topics").contains(topic)) {
      create(topic);
      return;
    }
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    String trouble = "Cannot read or set " + ALLOWED + " of " + topic;
    ConfigEntry allowed =
        Answers.await(admin.describeConfigs(List.of(resource)).values().get(resource), trouble)
            .get(ALLOWED);
    if (allowed == null || !YES.equals(allowed.value())) {
      AlterConfigOp change =
          new AlterConfigOp(new ConfigEntry(ALLOWED, YES), AlterConfigOp.OpType.SET);
      Answers.await(
          admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all(), trouble);
    }
  }

  private void create(String topic) {
    Map<String, String> configs =
        Map.of(
            ALLOWED,
            YES,
            TopicConfig.RETENTION_MS_CONFIG,
            "-1",
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(LARGEST_RECORD));
    NewTopic created = new NewTopic(topic, 1, broker.replication()).configs(configs);
    try {
      Answers.await(admin.createTopics(List.of(created)).all(), "Cannot create " + topic);
    } catch (IllegalStateException e) {
      // Another process created it first.
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }
}
