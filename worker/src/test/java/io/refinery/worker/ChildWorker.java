package io.refinery.worker;

import io.refinery.broker.BrokerConfig;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Precision;
import io.refinery.message.Topics;
import io.refinery.status.Status;
import io.refinery.storage.MinioStorage;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageConfig;
import io.refinery.testkit.JavaProgram;
import io.refinery.testkit.Stack;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A worker in its own JVM, which can be killed and stopped. It refines only when allowed. */
final class ChildWorker implements AutoCloseable {

  static final String NAME = "child";

  /** Its exit code if its device was lost and its health is DOWN. */
  static final int DEVICE_LOST = 4;

  private static final String GO = "go";
  private static final String LOSE = "lose";

  private final Process process;

  ChildWorker(Stack stack, Topics topics, String group, Path folder, Duration lock)
      throws IOException {
    process =
        JavaProgram.of(
                ChildWorker.class,
                "256m",
                stack.bootstrapServers(),
                topics.prefix(),
                group,
                stack.s3Endpoint().toString(),
                stack.accessKey(),
                stack.secretKey(),
                stack.bucket(),
                folder.toString(),
                lock.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  /** Kills it like {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Suspends it like {@code kill -STOP}. */
  void freeze() throws IOException, InterruptedException {
    signal("-STOP");
  }

  void thaw() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder(List.of("kill", signal, Long.toString(process.pid()))).start().waitFor();
    if (status != 0) {
      throw new IOException("kill " + signal + " failed with " + status);
    }
  }

  /** Allows it to refine everything from now on. */
  void let() throws IOException {
    tell(GO);
  }

  /** Makes its device fail. */
  void loseDevice() throws IOException {
    tell(LOSE);
  }

  private void tell(String what) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write((what + "\n").getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  /** Waits until it ends by itself and returns the exit code. */
  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(WorkerFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("The worker's process does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] args) {
    GatedEngine engine = new GatedEngine();
    StorageConfig store =
        new StorageConfig(URI.create(args[3]), StorageConfig.DEFAULT_REGION, args[4], args[5]);
    WorkerConfig usual =
        WorkerConfig.of(
            new BrokerConfig(
                Map.of("bootstrap.servers", args[0]), new Topics(args[1]), 1, (short) 1),
            args[6],
            Path.of(args[7]));
    WorkerConfig config =
        new WorkerConfig(
            NAME,
            usual.broker(),
            new WorkerConfig.Delivery(
                args[2], Duration.parse(args[8]), 5, Duration.ofMillis(50), 1, Duration.ZERO),
            WorkerConfig.TimeLimits.DEFAULT,
            usual.bucket(),
            Set.of(usual.bucket()),
            WorkerFixture.LIMITS,
            OptionalInt.of(8),
            engine.name(),
            usual.device(),
            usual.precision(),
            usual.engineOptions(),
            usual.models(),
            usual.workFolder(),
            Optional.empty());
    int code = 0;
    try (ObjectStorage storage = new MinioStorage(store);
        Worker worker =
            Worker.start(
                config,
                storage,
                new EngineSelection<>(engine, usual.device(), Precision.FULL, engine.name()))) {
      CompletableFuture<Void> parent =
          CompletableFuture.runAsync(() -> obey(engine), task -> daemon(task).start());
      CompletableFuture.anyOf(parent, worker.deviceLost()).join();
      if (worker.deviceLost().isDone()) {
        code = worker.health().status() == Status.DOWN ? DEVICE_LOST : 1;
      }
    }
    System.exit(code);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "parent");
    thread.setDaemon(true);
    return thread;
  }

  /** Blocks until the parent's death closes the pipe and thus ends this process. */
  private static void obey(GatedEngine engine) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals(LOSE)) {
          engine.lose();
        } else {
          engine.let(100);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
