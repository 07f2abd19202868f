package io.refinery.console.doctor;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.engine.Losses;
import io.refinery.engine.Losses.Reduction;
import io.refinery.engine.Optimizer;
import io.refinery.engine.PairSpec;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.engine.TrainingEngine;
import io.refinery.image.ImageBatch;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerFiles;
import io.refinery.network.RefinerNetwork;
import java.util.function.DoubleSupplier;

/** A rough measure of an engine's speed on 55x35 eyes; other load on the machine affects it. */
final class Speed {

  static final int REFINING_BATCH = 32;
  static final int TRAINING_BATCH = 8;

  /** The first calls load code and choose algorithms. */
  private static final int WARM_UPS = 2;

  private static final int[] NOWHERE = {};

  private Speed() {}

  /** Returns images per second, in batches of {@link #REFINING_BATCH}, over {@code seconds}. */
  static double refining(RefiningEngine engine, Device device, RefinerFiles model, double seconds) {
    ImageBatch images = images(REFINING_BATCH);
    try (Refiner refiner = engine.refiner(model, device, Precision.FULL)) {
      return REFINING_BATCH * perSecond(() -> refiner.refine(images).pixels()[0], seconds);
    }
  }

  /**
   * Returns steps per second over {@code seconds}. Each step updates both networks once, with
   * {@link #TRAINING_BATCH} images of each kind.
   */
  static double training(TrainingEngine engine, Device device, double seconds) {
    ImageBatch images = images(TRAINING_BATCH);
    try (AdversarialPair pair = engine.pair(spec(), device)) {
      return perSecond(
          () -> {
            double refiner = pair.updateRefiner(images).get().total();
            return refiner
                + pair.updateDiscriminator(images, images, NOWHERE, NOWHERE).get().total();
          },
          seconds);
    }
  }

  /**
   * @param call returns one of the values it computed
   */
  private static double perSecond(DoubleSupplier call, double seconds) {
    for (int i = 0; i < WARM_UPS; i++) {
      requireFinite(call.getAsDouble());
    }
    long start = System.nanoTime();
    long calls = 0;
    double elapsed = 0;
    while (elapsed < seconds) {
      requireFinite(call.getAsDouble());
      calls++;
      elapsed = (System.nanoTime() - start) / 1e9;
    }
    return calls / elapsed;
  }

  private static void requireFinite(double computed) {
    if (!Double.isFinite(computed)) {
      throw new EngineException("It computed " + computed + " instead of a finite number");
    }
  }

  private static PairSpec spec() {
    return new PairSpec(
        RefinerNetwork.eyes(),
        DiscriminatorNetwork.eyes(),
        FreshModel.SHAPE,
        TRAINING_BATCH,
        0,
        new Losses(Reduction.MEAN, 1, Reduction.MEAN),
        new Optimizer.Sgd(1e-4),
        new Optimizer.Sgd(1e-4),
        0,
        1);
  }

  /** Returns images with a pattern, because an engine might be faster on zeros. */
  private static ImageBatch images(int count) {
    float[] pixels = new float[count * FreshModel.SHAPE.values()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (i * 37 % 200) / 100f - 1;
    }
    return new ImageBatch(count, FreshModel.SHAPE, pixels);
  }
}
