package io.refinery.console;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An embedded broker that authenticates its clients and refuses whatever no ACL allows. */
final class SaslBroker {

  /** May do everything. */
  static final String ADMIN = "admin";

  private static final String MODULE =
      "org.apache.kafka.common.security.plain.PlainLoginModule required";

  private SaslBroker() {}

  /**
   * Returns the content of {@code kafka.properties} in the servers' data folder.
   *
   * @param users who may log in besides {@link #ADMIN}
   */
  static String settings(List<String> users) {
    String logins =
        Stream.concat(Stream.of(ADMIN), users.stream())
            .map(user -> "user_%s=\"%s\"".formatted(user, password(user)))
            .collect(Collectors.joining(" "));
    return String.join(
        "\n",
        "listener.security.protocol.map=PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
        "sasl.enabled.mechanisms=PLAIN",
        "sasl.mechanism.inter.broker.protocol=PLAIN",
        "listener.name.plaintext.plain.sasl.jaas.config=%s username=\"%s\" password=\"%s\" %s;"
            .formatted(MODULE, ADMIN, password(ADMIN), logins),
        "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        // The controllers' own listener has no passwords.
        "super.users=User:%s;User:ANONYMOUS".formatted(ADMIN),
        "");
  }

  static String password(String user) {
    return "pass-of-" + user + "-0a1b2c";
  }

  /** Returns properties of a client that logs in. */
  static Map<String, String> login(String user, String password) {
    return Map.of(
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        "%s username=\"%s\" password=\"%s\";".formatted(MODULE, user, password));
  }
}
