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

/** A trainer in its own JVM, which can be killed. It blocks before it writes certain objects. */
final class ChildTrainer implements AutoCloseable {

  static final String NAME = "child";

  private static final Duration LOCK = Duration.ofSeconds(5);

  private final Process process;

  /**
   * @param gated a part of the keys of the objects at which it blocks
   * @param permits how many of them it writes before it blocks
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

  /** Kills it like {@code kill -9}. */
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
      // The parent's death closes the pipe and thus ends this process.
      System.in.read();
    }
  }
}
