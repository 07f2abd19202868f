package io.refinery.console.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses of brokers, checked before Kafka's client sees them.
 *
 * @param all {@code host:port} each, at least one
 */
record BrokerAddresses(List<String> all) {

  /** As Kafka's client reads it, which allows a protocol in front. */
  private static final Pattern ADDRESS =
      Pattern.compile("(?:[A-Za-z0-9_-]+://)?(?:\\[[0-9A-Za-z:.%]+]|[A-Za-z0-9._-]+):(\\d{1,5})");

  private static final int LARGEST_PORT = 65_535;

  /**
   * Reads addresses separated by commas.
   *
   * @throws IllegalArgumentException saying what is valid
   */
  static BrokerAddresses parse(String text) {
    List<String> addresses = List.of(text.split(",", -1)).stream().map(String::strip).toList();
    addresses.forEach(BrokerAddresses::requireValid);
    return new BrokerAddresses(addresses);
  }

  private static void requireValid(String address) {
    Matcher parts = ADDRESS.matcher(address);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "'" + address + "' is not host:port, such as localhost:9092");
    }
    int port = Integer.parseInt(parts.group(1));
    if (port < 1 || port > LARGEST_PORT) {
      throw new IllegalArgumentException(
          "'" + address + "' does not have a port of 1 to " + LARGEST_PORT);
    }
  }
}
