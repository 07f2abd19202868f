package io.refinery.benchmark;

import io.refinery.bundle.BundleException;
import io.refinery.engine.Device;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.image.ImageBatch;
import io.refinery.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Measures one engine in a process of its own: takes an {@link EngineTask} on its standard input,
 * writes {@link EngineFigures} as a line of JSON.
 */
public final class EngineMeasurement {

  private EngineMeasurement() {}

  /** Needs no arguments. */
  public static void main(String[] arguments) throws IOException, BundleException {
    EngineTask task = Json.mapper().readValue(System.in, EngineTask.class);
    System.out.println(new String(Json.write(measure(task)), StandardCharsets.UTF_8));
  }

  static EngineFigures measure(EngineTask task) throws IOException, BundleException {
    EngineSelection<RefiningEngine> selection =
        EngineSelection.refining(
            task.engine(), Device.parse(task.device()), Precision.parse(task.precision()));
    Map<Integer, Double> rates = new LinkedHashMap<>();
    try (Refiner refiner =
        selection
            .engine()
            .refiner(
                Eyes.model(Path.of(task.model())), selection.device(), selection.precision())) {
      for (int batch : task.batches()) {
        rates.put(batch, rate(refiner, Eyes.images(batch), task.seconds()));
      }
    }
    long peak = ResidentMemory.peakBytes();
    Optional<TrainingFigures> training =
        task.training().isPresent()
            ? Optional.of(TrainingSteps.measure(task.training().get()))
            : Optional.empty();
    return new EngineFigures(selection.description(), rates, training, 0, peak, 0);
  }

  /** Images a second of batches one after the other, as a worker has them refined. */
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
}
