package io.refinery.testkit.engine;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.Losses;
import io.refinery.engine.Losses.Reduction;
import io.refinery.engine.Losses.Scope;
import io.refinery.engine.Optimizer;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.DiscriminatorNetwork.Convolution;
import io.refinery.network.DiscriminatorNetwork.MaxPooling;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Tensor;
import io.refinery.network.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Specs, images and weights that are small enough to inspect number by number. */
public final class Tiny {

  public static final int BATCH = 2;
  public static final Losses MEANS = new Losses(Reduction.MEAN, 0.3, Reduction.MEAN);
  public static final Losses SUMS = new Losses(Reduction.SUM, 0.01, Reduction.SUM);
  public static final Losses GLOBAL =
      new Losses(Reduction.MEAN, 0.3, Reduction.SUM, Scope.GLOBAL, 0);
  public static final Losses SMOOTHED =
      new Losses(Reduction.SUM, 0.3, Reduction.MEAN, Scope.LOCAL, 0.1);
  public static final Optimizer SGD = new Optimizer.Sgd(0.05);
  public static final Optimizer MOMENTUM = new Optimizer.Sgd(0.05, 0.9);
  public static final Optimizer ADAM = new Optimizer.Adam(0.01, 0.5, 0.999, 1e-3);

  /** One even and one odd side: with stride 2, SAME padding is uneven on the even one. */
  public static final ImageShape GRAY = new ImageShape(1, 6, 7);

  public static final ImageShape COLOUR = new ImageShape(3, 5, 4);

  public static final ImageBatch SYNTHETIC = images(BATCH, GRAY, 1);
  public static final ImageBatch REAL = images(BATCH, GRAY, 2);

  /** Name of the method that supplies every optimiser to parameterised tests. */
  static final String OPTIMIZERS = "io.refinery.testkit.engine.Tiny#optimizers";

  /** Name of the method that supplies every shape with every kind of losses. */
  static final String KINDS = "io.refinery.testkit.engine.Tiny#kinds";

  private Tiny() {}

  static List<Optimizer> optimizers() {
    return List.of(SGD, MOMENTUM, ADAM);
  }

  static Stream<Arguments> kinds() {
    return Stream.of(GRAY, COLOUR)
        .flatMap(
            shape ->
                Stream.of(MEANS, SUMS, GLOBAL, SMOOTHED)
                    .map(losses -> Arguments.of(shape, losses)));
  }

  public static PairSpec spec(ImageShape shape, Losses losses, Optimizer optimizer) {
    return spec(shape, BATCH, losses, optimizer, 0);
  }

  public static PairSpec spec(
      ImageShape shape, int batch, Losses losses, Optimizer optimizer, double gradientClip) {
    return new PairSpec(
        new RefinerNetwork(shape.channels(), 3, 3, 2),
        new DiscriminatorNetwork(
            shape.channels(),
            List.of(
                new Convolution(3, 2, 4),
                new MaxPooling(3, 2),
                new Convolution(3, 1, 3),
                new Convolution(1, 1, 3))),
        shape,
        batch,
        2 * batch,
        losses,
        optimizer,
        optimizer,
        gradientClip,
        11);
  }

  /** Returns images of uniform noise in [-1, 1]. */
  public static ImageBatch images(int count, ImageShape shape, long seed) {
    Random random = new Random(seed);
    float[] pixels = new float[count * shape.values()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 2 * random.nextFloat() - 1;
    }
    return new ImageBatch(count, shape, pixels);
  }

  /**
   * Returns weights unlike those of a new network, none of them 0, so that there are no dead blocks
   * and no ReLUs at their kink.
   */
  public static Weights scattered(Weights weights, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>(weights.tensors());
    tensors.replaceAll(
        (name, tensor) -> {
          float[] values = tensor.values().clone();
          for (int i = 0; i < values.length; i++) {
            values[i] += 0.2f * (float) random.nextGaussian();
          }
          return new Tensor(tensor.shape(), values);
        });
    return new Weights(tensors);
  }

  /** Scatters the weights of both networks. */
  public static <P extends AdversarialPair> P scattered(P pair) {
    pair.setRefinerWeights(scattered(pair.refinerWeights(), 1));
    pair.setDiscriminatorWeights(scattered(pair.discriminatorWeights(), 2));
    return pair;
  }

  /** Returns all values, in the order of the tensors. */
  public static float[] values(Weights weights) {
    float[] values = new float[weights.count()];
    int at = 0;
    for (var tensor : weights.tensors().values()) {
      System.arraycopy(tensor.values(), 0, values, at, tensor.values().length);
      at += tensor.values().length;
    }
    return values;
  }
}
