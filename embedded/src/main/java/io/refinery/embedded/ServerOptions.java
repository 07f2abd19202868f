package io.refinery.embedded;

import java.util.List;

/**
 * The options for starting the servers.
 *
 * @param kafkaNodes number of brokers, 1 to 9; fixed when the data folder is created
 * @param kafkaPort port of the first broker, the others follow it; 0 for free ports, which the data
 *     folder remembers
 * @param s3Port port of the S3 server; 0 for a free port, which the data folder remembers
 */
public record ServerOptions(int kafkaNodes, int kafkaPort, int s3Port) {

  /** One broker, on free ports. */
  public static final ServerOptions DEFAULT = new ServerOptions(1, 0, 0);

  public ServerOptions {
    if (kafkaNodes < 1 || kafkaNodes > 9) {
      throw new IllegalArgumentException(
          "Embedded Kafka must have 1 to 9 nodes, not " + kafkaNodes);
    }
    requirePort(kafkaPort);
    requirePort(s3Port);
  }

  private static void requirePort(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("A port must be 0 to 65535, not " + port);
    }
  }

  List<String> toArguments() {
    return List.of(
        Integer.toString(kafkaNodes), Integer.toString(kafkaPort), Integer.toString(s3Port));
  }

  static ServerOptions parse(List<String> arguments) {
    return new ServerOptions(
        Integer.parseInt(arguments.get(0)),
        Integer.parseInt(arguments.get(1)),
        Integer.parseInt(arguments.get(2)));
  }
}
