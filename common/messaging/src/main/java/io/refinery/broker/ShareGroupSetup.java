package io.refinery.broker;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Configures a share group: jobs from the first one on, each under a lock, and no message of an
 * aborted transaction. Sets only what the broker knows and what differs, so that a client without
 * the right to alter configurations can use a group that an operator has configured.
 */
final class ShareGroupSetup {

  private static final Logger log = LoggerFactory.getLogger(ShareGroupSetup.class);

  private static final String RESET = "share.auto.offset.reset";
  private static final String LOCK = "share.record.lock.duration.ms";
  private static final String DELIVERIES = "share.delivery.count.limit";
  private static final String RENEWALS = "share.renew.acknowledge.enable";
  private static final String ISOLATION = "share.isolation.level";
  private static final String COMMITTED = "read_committed";

  /** What a broker allows by default, if this client may not ask. */
  private static final int DEFAULT_DELIVERIES = 5;

  private final GroupConfigs configs;
  private final Object address;

  /**
   * @param address the broker's address for messages
   */
  ShareGroupSetup(GroupConfigs configs, Object address) {
    this.configs = configs;
    this.address = address;
  }

  /**
   * Configures the group as far as it differs.
   *
   * @return the group with the number of deliveries in force
   * @throws IllegalStateException when the group cannot be used; the message says what to do
   */
  ShareGroup configure(ShareGroup wanted) {
    String group = wanted.name();
    requireNoColon(group);
    Map<String, ConfigEntry> known = describe(group);
    requireRenewals(group, known);
    set(group, differing(known, wanted));
    readCommitted(group, Optional.ofNullable(known.get(ISOLATION)));
    int deliveries =
        known.containsKey(DELIVERIES)
            ? wanted.deliveries()
            : Math.min(deliveriesOfAllGroups(), wanted.deliveries());
    if (deliveries < wanted.deliveries()) {
      log.warn(
          "The broker delivers a message at most {} times, not {} times",
          deliveries,
          wanted.deliveries());
    }
    return new ShareGroup(group, wanted.lock(), deliveries);
  }

  /** Clients of a share group with a colon in its name loop forever (KAFKA-20183). */
  private static void requireNoColon(String group) {
    if (group.contains(":")) {
      throw new IllegalStateException(
          "The share group '%s' has a colon in its name, which Kafka does not support: choose another name"
              .formatted(group));
    }
  }

  private Map<String, ConfigEntry> describe(String group) {
    try {
      Collection<ConfigEntry> entries = configs.describe(group);
      return entries.stream()
          .filter(entry -> entry.value() != null)
          .collect(Collectors.toMap(ConfigEntry::name, entry -> entry));
    } catch (IllegalStateException e) {
      if (e.getCause() instanceof AuthorizationException) {
        throw new IllegalStateException(
            "This client may not read the settings of the share group '%s' at %s: allow it the operation DescribeConfigs on the group"
                .formatted(group, address),
            e);
      }
      throw e;
    }
  }

  /** Without renewals, a job that takes longer than its lock is delivered again and again. */
  private void requireRenewals(String group, Map<String, ConfigEntry> known) {
    ConfigEntry renewals = known.get(RENEWALS);
    if (renewals != null && renewals.value().equals("false")) {
      throw new IllegalStateException(
          "The share group '%s' has %s=false, so the locks of long jobs cannot be renewed: run %s"
              .formatted(group, RENEWALS, command(group, Map.of(RENEWALS, "true"))));
    }
  }

  private static Map<String, String> differing(Map<String, ConfigEntry> known, ShareGroup wanted) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(RESET, "earliest");
    settings.put(LOCK, Long.toString(wanted.lock().toMillis()));
    settings.put(DELIVERIES, Integer.toString(wanted.deliveries()));
    settings.keySet().retainAll(known.keySet());
    settings
        .entrySet()
        .removeIf(setting -> known.get(setting.getKey()).value().equals(setting.getValue()));
    return settings;
  }

  private void set(String group, Map<String, String> settings) {
    if (settings.isEmpty()) {
      return;
    }
    try {
      configs.set(group, settings);
    } catch (IllegalStateException e) {
      if (e.getCause() instanceof AuthorizationException) {
        throw new IllegalStateException(
            "The share group '%s' needs %s, which this client may not set: run %s"
                .formatted(group, joined(settings), command(group, settings)),
            e);
      }
      throw e;
    }
  }

  private static String joined(Map<String, String> settings) {
    return settings.entrySet().stream().map(Object::toString).collect(Collectors.joining(","));
  }

  private String command(String group, Map<String, String> settings) {
    return "kafka-configs.sh --bootstrap-server %s --alter --entity-type groups --entity-name %s --add-config %s"
        .formatted(address, group, joined(settings));
  }

  /**
   * Hides messages of aborted transactions from the group. An operator's own choice stays, and a
   * broker that refuses does not stop the service: only senders that use transactions notice.
   */
  private void readCommitted(String group, Optional<ConfigEntry> level) {
    if (level.map(ConfigEntry::value).filter(COMMITTED::equals).isPresent()) {
      return;
    }
    if (level
        .map(ConfigEntry::source)
        .filter(ConfigSource.DYNAMIC_GROUP_CONFIG::equals)
        .isPresent()) {
      log.warn(
          "{} of the share group {} is {}, which somebody set: messages of aborted transactions"
              + " are processed. Set it to {} unless you want that.",
          ISOLATION,
          group,
          level.get().value(),
          COMMITTED);
      return;
    }
    Map<String, String> setting = Map.of(ISOLATION, COMMITTED);
    try {
      configs.set(group, setting);
    } catch (IllegalStateException e) {
      log.warn(
          "Messages of aborted transactions may be processed. To prevent it, run {}. {}",
          command(group, setting),
          e.getMessage());
    }
  }

  private int deliveriesOfAllGroups() {
    try {
      return configs.deliveriesOfAllGroups().orElse(DEFAULT_DELIVERIES);
    } catch (IllegalStateException e) {
      log.warn(
          "Assuming that the broker delivers a message at most {} times, as by default. To let this"
              + " client look, allow it the operation DescribeConfigs on the cluster. {}",
          DEFAULT_DELIVERIES,
          e.getMessage());
      return DEFAULT_DELIVERIES;
    }
  }
}
