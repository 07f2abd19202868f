package io.refinery.benchmark;

import io.refinery.bundle.BundleException;
import io.refinery.engine.Availability;
import io.refinery.engine.Device;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.engine.TrainingEngine;
import io.refinery.image.ImageBatch;
import io.refinery.json.Json;
import io.refinery.network.RefinerFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Measures one engine in a separate process: reads an {@link EngineTask} as a line from standard
 * input, and for every further line writes {@link EngineFigures} as a line of JSON.
 */
public final class EngineMeasurement implements AutoCloseable {

  private final EngineTask task;
  private final String description;
  private final Optional<Refiner> refiner;

  /** Opens the refiner, if the task is to refine. */
  EngineMeasurement(EngineTask task) throws IOException {
    this.task = task;
    Device device = Device.parse(task.device());
    if (task.batches().isEmpty()) {
      EngineSelection<TrainingEngine> selection =
          EngineSelection.training(task.engine(), device, task.options());
      refiner = Optional.empty();
      description =
          selection.description()
              + (isCompared(selection) ? difference(selection, task.training().orElseThrow()) : "");
      return;
    }
    EngineSelection<RefiningEngine> selection =
        EngineSelection.refining(
            task.engine(), device, Precision.parse(task.precision()), task.options());
    RefinerFiles model = EyeModel.model(Path.of(task.model()));
    Refiner opened = selection.engine().refiner(model, device, selection.precision());
    refiner = Optional.of(opened);
    description =
        selection.description()
            + (isCompared(selection) ? difference(selection, model, opened) : "");
  }

  /** Whether results are compared with the CPU's; builds for GPUs only cannot do that. */
  private static boolean isCompared(EngineSelection<?> selection) {
    return selection.device() instanceof Device.Cuda
        && selection.engine().availability(Device.cpu()) instanceof Availability.Available;
  }

  private static String difference(
      EngineSelection<TrainingEngine> selection, TrainingTask training) {
    return String.format(
        Locale.ROOT,
        ", updates differ from the CPU's by %.1g of their length",
        TrainingAgreement.share(
            selection.engine(), training.plan().pair(training.shape()), selection.device()));
  }

  private static String difference(
      EngineSelection<RefiningEngine> selection, RefinerFiles model, Refiner refiner) {
    try (Refiner processor = selection.engine().refiner(model, Device.cpu(), Precision.FULL)) {
      return String.format(
          Locale.ROOT,
          ", pixels differ from the CPU's by at most %.1g",
          Agreement.largestDifference(refiner, processor, selection.precision()));
    }
  }

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException, BundleException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    EngineTask task = Json.mapper().readValue(in.readLine(), EngineTask.class);
    try (EngineMeasurement measurement = new EngineMeasurement(task)) {
      while (in.readLine() != null) {
        System.out.println(new String(Json.write(measurement.measure()), StandardCharsets.UTF_8));
      }
    }
  }

  EngineFigures measure() throws IOException, BundleException {
    Map<Integer, Double> rates = new LinkedHashMap<>();
    for (int batch : task.batches()) {
      rates.put(batch, rate(refiner.orElseThrow(), EyeModel.images(batch), task.seconds()));
    }
    Optional<TrainingFigures> training =
        task.training().isPresent()
            ? Optional.of(TrainingSteps.measure(task.training().get()))
            : Optional.empty();
    return new EngineFigures(description, rates, training, 0, ResidentMemory.peakBytes(), 0);
  }

  /** Returns images per second for consecutive batches, as in a worker. */
  private static double rate(Refiner refiner, ImageBatch images, double seconds) {
    count(refiner, images, seconds);
    long start = System.nanoTime();
    long batches = count(refiner, images, seconds);
    return batches * images.count() / ((System.nanoTime() - start) / 1e9);
  }

  private static long count(Refiner refiner, ImageBatch images, double seconds) {
    long end = System.nanoTime() + (long) (1e9 * seconds);
    long batches = 0;
    while (batches == 0 || System.nanoTime() < end) {
      refiner.refine(images);
      batches++;
    }
    return batches;
  }

  @Override
  public void close() {
    refiner.ifPresent(Refiner::close);
  }
}
