package io.refinery.broker;

import java.util.Collection;
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

/** The settings of groups, read and set through a client. */
final class AdminGroupConfigs implements GroupConfigs {

  /** Kafka 4.2 has one limit for all groups, in the brokers' properties. */
  private static final String DELIVERIES = "group.share.delivery.count.limit";

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
