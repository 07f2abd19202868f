package io.refinery.worker;

import io.refinery.broker.Broker;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Precision;
import io.refinery.message.Topics;
import io.refinery.storage.MinioStorage;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageConfig;
import io.refinery.testkit.Stack;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A worker in a JVM of its own, which can be killed and stopped; it refines only when it is let.
 */
final class ChildWorker implements AutoCloseable {

  static final String NAME = "child";

  private final Process process;

  ChildWorker(Stack stack, Topics topics, String group, Path folder, Duration lock)
      throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dlogback.configurationFile="
                    + System.getProperty("logback.configurationFile", ""),
                "-cp",
                System.getProperty("java.class.path"),
                ChildWorker.class.getName(),
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
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
  }

  /** Ends it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Stops it where it is, as {@code kill -STOP} does. */
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

  /** Lets it refine everything from now on. */
  void let() throws IOException {
    OutputStream in = process.getOutputStream();
    in.write("go\n".getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] args) throws IOException {
    GatedEngine engine = new GatedEngine();
    StorageConfig store =
        new StorageConfig(URI.create(args[3]), StorageConfig.DEFAULT_REGION, args[4], args[5]);
    WorkerConfig usual =
        WorkerConfig.of(
            new Broker(Map.of("bootstrap.servers", args[0]), new Topics(args[1]), 1, (short) 1),
            args[6],
            Path.of(args[7]));
    WorkerConfig config =
        new WorkerConfig(
            NAME,
            usual.broker(),
            new WorkerConfig.Delivery(
                args[2], Duration.parse(args[8]), 5, Duration.ofMillis(50), 1, Duration.ZERO),
            usual.bucket(),
            Set.of(usual.bucket()),
            WorkerFixture.LIMITS,
            8,
            "gated",
            usual.device(),
            usual.models(),
            usual.workFolder(),
            0);
    try (ObjectStorage storage = new MinioStorage(store);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Worker worker =
            Worker.start(
                config,
                storage,
                new EngineSelection<>(engine, usual.device(), Precision.FULL, engine.name()))) {
      // The parent's death ends its pipe, and with it this process.
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        engine.let(100);
      }
      worker.health();
    }
  }
}
