package io.refinery.trainer;

import io.refinery.engine.EngineOptions;
import io.refinery.registry.ModelRegistry;
import io.refinery.storage.MinioStorage;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageConfig;
import io.refinery.testkit.JavaProgram;
import io.refinery.testkit.Stack;
import io.refinery.trainer.algorithm.ControlSignal;
import io.refinery.trainer.event.TrainingEvent;
import io.refinery.trainer.event.TrainingEvent.Step;
import io.refinery.trainer.feed.DataSource;
import io.refinery.trainer.gate.GateSettings;
import io.refinery.trainer.plan.Schedule;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A training in its own JVM, which can be killed. It prints every event, and waits to be killed
 * after a given number of steps.
 */
final class ChildTraining implements AutoCloseable {

  static final String MODEL = "squares";
  static final int STEPS = 40;
  static final int CHECKPOINT = 20;
  static final long FOREVER = Long.MAX_VALUE;

  private final Process process;
  private final BufferedReader output;

  ChildTraining(Stack stack, String id, Path folder, long waitAfter) throws IOException {
    process =
        JavaProgram.of(
                ChildTraining.class,
                "512m",
                stack.s3Endpoint().toString(),
                stack.accessKey(),
                stack.secretKey(),
                stack.bucket(),
                id,
                folder.toString(),
                Long.toString(waitAfter))
            .start();
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Waits for an event whose text begins like this; false if the training ended without it. */
  boolean awaitEvent(String beginning) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }

  /** Ends it like {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Uses everything that has state of its own. */
  private static TrainingSpec request(String bucket, String id, Path folder) {
    return new TrainingSpec(
            MODEL,
            Squares.plan(new Schedule(5, 0, 0, STEPS, 2, 1, 12))
                .with(
                    Map.of(
                        "checkpointInterval", Integer.toString(CHECKPOINT),
                        "feed.window", "30",
                        "feed.flip", "true",
                        "previewInterval", "10",
                        "learningRateDrops", "[{\"afterStep\":15,\"factor\":0.5}]",
                        "discriminatorOptimizer",
                            "{\"type\":\"sgd\",\"learningRate\":0.01,\"momentum\":0.9}")),
            new DataSource(List.of("s3://" + bucket + "/dark/")),
            new DataSource(List.of("s3://" + bucket + "/bright.h5")),
            folder)
        .as(id);
  }

  public static void main(String[] args) throws Exception {
    StorageConfig config =
        new StorageConfig(URI.create(args[0]), StorageConfig.DEFAULT_REGION, args[1], args[2]);
    Path folder = Path.of(args[5]);
    long waitAfter = Long.parseLong(args[6]);
    AtomicLong steps = new AtomicLong();
    try (ObjectStorage storage = new MinioStorage(config)) {
      PublicationTarget store =
          new PublicationTarget(
              storage,
              args[3],
              new ModelRegistry(storage, args[3], "models"),
              (model, channel, pointer) -> {},
              GateSettings.OFF,
              "child");
      TrainingResult result =
          new Trainer(Optional.of(store), folder.resolve("cache"), EngineOptions.DEFAULTS)
              .train(
                  request(args[3], args[4], folder.resolve("version")),
                  event -> tell(event, steps),
                  () -> {
                    if (steps.get() >= waitAfter) {
                      waitToBeKilled();
                    }
                    return ControlSignal.CONTINUE;
                  });
      System.out.println(result);
    }
  }

  private static void tell(TrainingEvent event, AtomicLong steps) {
    if (event instanceof Step) {
      steps.incrementAndGet();
    }
    System.out.println(event);
  }

  private static void waitToBeKilled() {
    System.out.println("Waiting");
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
