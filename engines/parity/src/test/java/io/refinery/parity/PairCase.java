package io.refinery.parity;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.Device;
import io.refinery.engine.Losses;
import io.refinery.engine.Losses.Reduction;
import io.refinery.engine.Losses.Scope;
import io.refinery.engine.Optimizer;
import io.refinery.engine.PairSpec;
import io.refinery.engine.TrainingEngine;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.DiscriminatorNetwork.Convolution;
import io.refinery.network.DiscriminatorNetwork.MaxPooling;
import io.refinery.network.RefinerNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One way to train, tested by one update of each network. */
record PairCase(int channels, Scope scope, Reduction reduction, Optimizer optimizer) {

  /**
   * @param refiner terms of R's loss
   * @param discriminator terms of D's loss after R's update
   * @param changes of both networks' weights
   */
  record Answer(List<Double> refiner, List<Double> discriminator, NetworkTensors changes) {}

  private static final int BATCH = 4;
  private static final double ADAM_RATE = 1e-3;
  private static final double LAMBDA = 0.5;

  /**
   * Larger than the rounding errors of gradients, so that Adam does not turn a gradient that is 0
   * except for rounding into a step of full size.
   */
  private static final double EPSILON = 1e-3;

  /** Returns every combination. */
  static List<PairCase> all() {
    List<PairCase> cases = new ArrayList<>();
    for (int channels : new int[] {1, 3}) {
      for (Scope scope : Scope.values()) {
        for (Reduction reduction : Reduction.values()) {
          cases.add(
              new PairCase(
                  channels, scope, reduction, new Optimizer.Adam(ADAM_RATE, 0.9, 0.999, EPSILON)));
          cases.add(
              new PairCase(channels, scope, reduction, new Optimizer.Sgd(rate(reduction), 0.9)));
        }
      }
    }
    return cases;
  }

  /** Chosen so that a step changes the weights by far more than their last digit. */
  private static double rate(Reduction reduction) {
    return switch (reduction) {
      case SUM -> 1e-3;
      case MEAN -> 0.1;
    };
  }

  /** Returns the name of the case, the same in every process. */
  String name() {
    return "%d-%s-%s-%s"
        .formatted(channels, scope, reduction, optimizer.getClass().getSimpleName())
        .toLowerCase(Locale.ROOT);
  }

  Answer compute(TrainingEngine engine) {
    PairSpec spec = spec();
    ImageBatch synthetic = RandomModels.images(BATCH, spec.shape(), 1);
    ImageBatch others = RandomModels.images(BATCH - 1, spec.shape(), 2);
    ImageBatch real = RandomModels.images(BATCH, spec.shape(), 3);
    try (AdversarialPair pair = engine.pair(spec, Device.cpu())) {
      pair.setRefinerWeights(RandomModels.weights(spec.refiner().parameters(), 4));
      pair.setDiscriminatorWeights(RandomModels.weights(spec.discriminator().parameters(), 5));
      pair.memory().write(RandomModels.images(1, spec.shape(), 6), new int[] {0});
      NetworkTensors before = NetworkTensors.of(pair);
      List<Double> refiner = GoldenAnswer.terms(pair.updateRefiner(synthetic).get());
      List<Double> discriminator =
          GoldenAnswer.terms(
              pair.updateDiscriminator(real, others, new int[] {0}, new int[] {1}).get());
      return new Answer(refiner, discriminator, before.changeTo(NetworkTensors.of(pair)));
    }
  }

  private PairSpec spec() {
    return new PairSpec(
        new RefinerNetwork(channels, 3, 6, 2),
        new DiscriminatorNetwork(
            channels,
            List.of(new Convolution(3, 2, 6), new MaxPooling(3, 1), new Convolution(3, 2, 4))),
        new ImageShape(channels, 13, 10),
        BATCH,
        2,
        new Losses(reduction, LAMBDA, reduction, scope, 0.1),
        optimizer,
        optimizer,
        0,
        1);
  }
}
