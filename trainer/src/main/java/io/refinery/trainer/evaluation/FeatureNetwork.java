package io.refinery.trainer.evaluation;

import io.refinery.engine.Estimator;
import io.refinery.image.ImageBatch;
import io.refinery.trainer.plan.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Extracts features of images: the last hidden layer of a network that classifies images as real or
 * synthetic, and as plain, blurred or noisy. Real against synthetic alone is too easy and is learnt
 * from a single trait; sharpness and noise make the network look at typical refiner errors.
 */
final class FeatureNetwork implements AutoCloseable {

  /** Few, so that 50 images are enough to fit a Gaussian. */
  private static final int FEATURES = 24;

  private static final int LOOKS = 3;
  private static final double NOISE = 0.1;
  private static final double LEAST_DEVIATION = 1e-4;

  private final Estimator network;
  private double[] mean = {};
  private double[] deviation = {};
  private int[] used = {};

  private FeatureNetwork(Estimator network) {
    this.network = network;
  }

  static FeatureNetwork train(Sample real, Sample synthetic, EvaluationContext setting, long seed) {
    FeatureNetwork made =
        new FeatureNetwork(
            setting.estimator(
                EvaluationNetworks.classifier(real.shape(), FEATURES, 2 * LOOKS, seed)));
    try {
      made.learn(List.of(real, synthetic), setting.plan().featureSteps(), Seeds.stream(seed, 1));
      made.standardise(real, synthetic);
      return made;
    } catch (RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private void learn(List<Sample> domains, int steps, SplittableRandom random) {
    Augmentation augmentation = new Augmentation(2, true, false);
    int half = EvaluationNetworks.BATCH / 2;
    for (int step = 0; step < steps; step++) {
      ImageBatch images =
          ImageBatch.concat(
              domains.stream()
                  .map(sample -> sample.images(random.ints(half, 0, sample.count()).toArray()))
                  .toList());
      images = augmentation.apply(images, augmentation.moves(2 * half, random), random);
      float[] targets = new float[2 * half * 2 * LOOKS];
      for (int i = 0; i < 2 * half; i++) {
        int look = random.nextInt(LOOKS);
        change(images, i, look, random);
        targets[i * 2 * LOOKS + i / half * LOOKS + look] = 1;
      }
      network.update(images, targets);
    }
  }

  private static void change(ImageBatch images, int image, int look, SplittableRandom random) {
    if (look == 1) {
      Augmentation.blur(images, image);
    } else if (look == 2) {
      Augmentation.addNoise(images, image, NOISE, random);
    }
  }

  private void standardise(Sample real, Sample synthetic) {
    double[] one = roots(real);
    double[] other = roots(synthetic);
    int width = one.length / real.count();
    mean = new double[width];
    deviation = new double[width];
    // Both domains have equal weight, however many images each has.
    for (int i = 0; i < width; i++) {
      double[] some = column(one, i, width);
      double[] others = column(other, i, width);
      mean[i] = (moment(some, 0, 1) + moment(others, 0, 1)) / 2;
      deviation[i] = Math.sqrt((moment(some, mean[i], 2) + moment(others, mean[i], 2)) / 2);
    }
    used = IntStream.range(0, width).filter(i -> deviation[i] > LEAST_DEVIATION).toArray();
  }

  /** Square roots of the ReLU outputs, so that a few outliers do not outweigh the rest. */
  private double[] roots(Sample sample) {
    float[] features = network.features(sample.all());
    return IntStream.range(0, features.length).mapToDouble(i -> Math.sqrt(features[i])).toArray();
  }

  private static double[] column(double[] rows, int column, int width) {
    return IntStream.range(0, rows.length / width)
        .mapToDouble(r -> rows[r * width + column])
        .toArray();
  }

  private static double moment(double[] values, double centre, int order) {
    return Arrays.stream(values).map(v -> Math.pow(v - centre, order)).average().orElseThrow();
  }

  /** The number of features that vary. */
  int count() {
    return used.length;
  }

  /** The features of every image, each with mean 0 and deviation 1 over the training images. */
  double[][] of(Sample sample) {
    double[] rows = roots(sample);
    int width = mean.length;
    return IntStream.range(0, sample.count())
        .mapToObj(
            image ->
                IntStream.of(used)
                    .mapToDouble(i -> (rows[image * width + i] - mean[i]) / deviation[i])
                    .toArray())
        .toArray(double[][]::new);
  }

  @Override
  public void close() {
    network.close();
  }
}
