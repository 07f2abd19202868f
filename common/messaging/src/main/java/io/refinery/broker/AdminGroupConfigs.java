package io.refinery.broker;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings of groups, read and set through a client. */
final class AdminGroupConfigs implements GroupConfigs {

  private static final Logger log = LoggerFactory.getLogger(AdminGroupConfigs.class);

  /** Kafka 4.2 has one limit for all groups, in the brokers' properties. */
  private static final String DELIVERIES = "group.share.delivery.count.limit";

  /**
   * The controller answers before brokers know a setting. A share group that starts meanwhile would
   * skip the messages that are there already.
   */
  private static final RetryPolicy<Boolean> UNTIL_IN_FORCE =
      RetryPolicy.<Boolean>builder()
          .handleResult(false)
          .withDelay(Duration.ofMillis(50))
          .withMaxDuration(Duration.ofSeconds(10))
          .withMaxRetries(-1)
          .build();

  private final Admin admin;

  /**
   * @param admin not closed by this class
   */
  AdminGroupConfigs(Admin admin) {
    this.admin = admin;
  }

  @Override
  public Collection<ConfigEntry> describe(String group) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    return Answers.await(
            admin.describeConfigs(List.of(resource)).values().get(resource),
            "Cannot read the settings of the group '%s'".formatted(group))
        .entries();
  }

  @Override
  public void set(String group, Map<String, String> settings) {
    Collection<AlterConfigOp> changes =
        settings.entrySet().stream()
            .map(one -> new ConfigEntry(one.getKey(), one.getValue()))
            .map(entry -> new AlterConfigOp(entry, OpType.SET))
            .toList();
    Answers.await(
        admin
            .incrementalAlterConfigs(
                Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), changes))
            .all(),
        "Cannot set %s of the group '%s'".formatted(settings, group));
    if (!Failsafe.with(UNTIL_IN_FORCE).get(() -> areInForce(group, settings))) {
      log.warn("The broker does not show {} of the group {} yet", settings, group);
    }
  }

  private boolean areInForce(String group, Map<String, String> settings) {
    Map<String, String> shown = new HashMap<>();
    describe(group).forEach(entry -> shown.put(entry.name(), entry.value()));
    return shown.entrySet().containsAll(settings.entrySet());
  }

  @Override
  public OptionalInt deliveriesOfAllGroups() {
    return ofBrokers(DELIVERIES).stream().mapToInt(Integer::parseInt).min();
  }

  /**
   * Returns a setting of each broker that knows it.
   *
   * @throws IllegalStateException when the brokers refuse or do not answer
   */
  List<String> ofBrokers(String setting) {
    List<ConfigResource> brokers =
        Answers.await(admin.describeCluster().nodes(), "Cannot list the brokers").stream()
            .map(Node::idString)
            .map(id -> new ConfigResource(ConfigResource.Type.BROKER, id))
            .toList();
    return Answers.await(
            admin.describeConfigs(brokers).all(), "Cannot read the settings of the brokers")
        .values()
        .stream()
        .map(config -> config.get(setting))
        .filter(Objects::nonNull)
        .map(ConfigEntry::value)
        .filter(Objects::nonNull)
        .toList();
  }
}
