package io.refinery.trainer.service;

import io.refinery.broker.BrokerConfig;
import io.refinery.broker.ShareGroup;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.message.Topics;
import io.refinery.storage.MinioStorage;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageConfig;
import io.refinery.testkit.JavaProgram;
import io.refinery.testkit.Stack;
import io.refinery.trainer.gate.GateSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A trainer in a JVM of its own, which can be killed; it stands still at a certain object. */
final class ChildTrainer implements AutoCloseable {

  static final String NAME = "child";

  private static final Duration LOCK = Duration.ofSeconds(5);

  private final Process process;

  /**
   * @param gated what is in the keys of the objects at which it stands still
   * @param permits how many of them it still writes
   */
  ChildTrainer(Stack stack, Topics topics, String group, Path folder, String gated, int permits)
      throws IOException {
    process =
        JavaProgram.of(
                ChildTrainer.class,
                "512m",
                stack.bootstrapServers(),
                topics.prefix(),
                group,
                stack.s3Endpoint().toString(),
                stack.accessKey(),
                stack.secretKey(),
                stack.bucket(),
                folder.toString(),
                gated,
                Integer.toString(permits))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  /** Ends it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] args) throws IOException {
    StorageConfig store =
        new StorageConfig(URI.create(args[3]), StorageConfig.DEFAULT_REGION, args[4], args[5]);
    TrainerConfig config =
        new TrainerConfig(
            NAME,
            new BrokerConfig(
                Map.of("bootstrap.servers", args[0]), new Topics(args[1]), 1, (short) 1),
            new ShareGroup(args[2], LOCK, 5),
            Duration.ofMillis(50),
            args[6],
            Set.of(args[6]),
            "dl4j",
            Device.cpu(),
            EngineOptions.DEFAULTS,
            GateSettings.OFF,
            Path.of(args[7]),
            Optional.empty());
    try (ObjectStorage storage = new MinioStorage(store);
        TrainerService trainer =
            TrainerService.start(
                config, new GatedStorage(storage, args[8], Integer.parseInt(args[9])).storage())) {
      trainer.health();
      // The parent's death ends its pipe, and with it this process.
      System.in.read();
    }
  }
}
