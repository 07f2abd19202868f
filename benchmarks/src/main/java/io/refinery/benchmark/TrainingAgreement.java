package io.refinery.benchmark;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.Device;
import io.refinery.engine.PairSpec;
import io.refinery.engine.TrainingEngine;
import io.refinery.image.ImageBatch;
import io.refinery.network.Tensor;
import io.refinery.network.Weights;
import java.util.Locale;
import java.util.Map;

/** Checks that the updates of a training are right before they are timed. */
final class TrainingAgreement {

  /** More than one, because the first updates leave some gradients at 0. */
  private static final int UPDATES = 3;

  private static final int[] NOWHERE = {};

  /** With TF32 a gradient differs by about a thousandth; a wrong one differs by about 1. */
  private static final double MOST = 0.05;

  private TrainingAgreement() {}

  /**
   * Returns how far updates on {@code device} end from those on the CPU, as a share of the updates'
   * length: Euclidean lengths, the larger of both networks' shares.
   *
   * @throws IllegalStateException when it is more than arithmetic explains
   */
  static double share(TrainingEngine engine, PairSpec spec, Device device) {
    try (AdversarialPair ours = engine.pair(spec, device);
        AdversarialPair reference = engine.pair(spec, Device.cpu())) {
      Weights refiner = reference.refinerWeights();
      Weights discriminator = reference.discriminatorWeights();
      update(ours, spec);
      update(reference, spec);
      double share =
          Math.max(
              share(refiner, reference.refinerWeights(), ours.refinerWeights()),
              share(discriminator, reference.discriminatorWeights(), ours.discriminatorWeights()));
      if (!(share <= MOST)) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT, "Its updates differ from the CPU's by %.2g of their length", share));
      }
      return share;
    }
  }

  private static void update(AdversarialPair pair, PairSpec spec) {
    ImageBatch real = EyeModel.noise(spec.batch(), spec.shape(), 1);
    ImageBatch synthetic = EyeModel.noise(spec.batch(), spec.shape(), 2);
    for (int i = 0; i < UPDATES; i++) {
      pair.updateRefiner(synthetic);
      pair.updateDiscriminator(real, synthetic, NOWHERE, NOWHERE);
    }
  }

  /** Returns NaN if nothing changed or a weight is NaN. */
  static double share(Weights before, Weights expected, Weights actual) {
    double way = 0;
    double off = 0;
    for (Map.Entry<String, Tensor> tensor : before.tensors().entrySet()) {
      float[] from = tensor.getValue().values();
      float[] to = expected.tensor(tensor.getKey()).values();
      float[] ours = actual.tensor(tensor.getKey()).values();
      for (int i = 0; i < from.length; i++) {
        way += Math.pow((double) to[i] - from[i], 2);
        off += Math.pow((double) to[i] - ours[i], 2);
      }
    }
    return Math.sqrt(off / way);
  }
}
