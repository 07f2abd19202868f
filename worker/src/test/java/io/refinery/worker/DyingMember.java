package io.refinery.worker;

import io.refinery.broker.BrokerConfig;
import io.refinery.broker.KafkaClients;
import io.refinery.broker.ShareGroup;
import io.refinery.testkit.JavaProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ShareConsumer;

/**
 * A process that dies as soon as it has received a record, before anything can be done about it.
 */
final class DyingMember {

  private static final int DEAD = 9;

  private DyingMember() {}

  /** Runs such a process, which receives one record of the topic. */
  static void run(String bootstrapServers, String group, String topic)
      throws IOException, InterruptedException {
    Process process =
        JavaProgram.of(DyingMember.class, "64m", bootstrapServers, group, topic)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(WorkerFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS)
          || process.exitValue() != DEAD) {
        throw new AssertionError("The process has not received a record");
      }
    } finally {
      process.destroyForcibly();
    }
  }

  public static void main(String[] args) {
    KafkaClients clients = new KafkaClients(BrokerConfig.at(args[0]), "dying");
    ShareConsumer<String, byte[]> member =
        clients.member(new ShareGroup(args[1], Duration.ofSeconds(15), 2), 0);
    member.subscribe(List.of(args[2]));
    while (member.poll(Duration.ofSeconds(1)).isEmpty()) {
      Thread.onSpinWait();
    }
    Runtime.getRuntime().halt(DEAD);
  }
}
