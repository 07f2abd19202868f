package io.refinery.broker;

import java.util.Collection;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.ConfigEntry;

/**
 * The settings of groups at a broker. Every method throws {@link IllegalStateException} when the
 * broker refuses or does not answer; its cause is the broker's error.
 */
interface GroupConfigs {

  /** Returns all settings that the broker knows, with the values in force. */
  Collection<ConfigEntry> describe(String group);

  /** Sets settings and returns when they are in force. */
  void set(String group, Map<String, String> settings);

  /**
   * Returns the limit of deliveries that all groups have; of several brokers the smallest, since
   * each may lead a partition. Empty if the brokers do not tell.
   */
  OptionalInt deliveriesOfAllGroups();
}
