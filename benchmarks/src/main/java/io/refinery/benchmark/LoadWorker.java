package io.refinery.benchmark;

import io.refinery.engine.Device;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Precision;
import io.refinery.json.Json;
import io.refinery.storage.ObjectStorage;
import io.refinery.worker.Worker;
import io.refinery.worker.WorkerConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The program of a worker's process with a {@link LoadEngine}. Its first line of input is a task;
 * it answers every further one, and stops in good order at the end of its input.
 */
final class LoadWorker {

  /**
   * What the worker is told.
   *
   * @param folder its work folder
   * @param microsPerImage duration of one image, in microseconds
   */
  record Task(BenchmarkSystem.Addresses addresses, Path folder, long microsPerImage) {}

  /** Says that the worker takes jobs. */
  record Ready(String worker) {}

  private LoadWorker() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Task task = Json.mapper().readValue(requests.readLine(), Task.class);
    LoadEngine engine = new LoadEngine(task.microsPerImage());
    WorkerConfig config =
        WorkerConfig.of(task.addresses().config(), BenchmarkSystem.BUCKET, task.folder());
    try (ObjectStorage storage = task.addresses().storage();
        Worker worker =
            Worker.start(
                config,
                storage,
                new EngineSelection<>(engine, Device.cpu(), Precision.FULL, engine.name()))) {
      while (requests.readLine() != null) {
        System.out.println(
            new String(Json.write(new Ready(worker.name())), StandardCharsets.UTF_8).strip());
      }
    }
  }
}
