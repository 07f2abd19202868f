package io.refinery.trainer.evaluation;

import io.refinery.trainer.evaluation.EvaluationReport.Distance;
import io.refinery.trainer.evaluation.EvaluationReport.Realism;
import io.refinery.trainer.evaluation.Frechet.Gaussian;
import io.refinery.trainer.plan.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Measures how far synthetic and refined images are from real ones. */
final class RealismMeasure {

  private static final String PART = "realism";
  private static final int STREAM = 2;

  /** Minimum number of held-out images per domain; with fewer, a distance is meaningless. */
  static final int LEAST = 10;

  /** Maximum images per set: the kernels of all pairs are held in memory. */
  private static final int MOST = 500;

  private final double[][] real;
  private final double[][] floor;
  private final List<double[][]> others;
  private final Bootstrap bootstrap;

  private RealismMeasure(
      double[][] real, double[][] floor, List<double[][]> others, Bootstrap bootstrap) {
    this.real = real;
    this.floor = floor;
    this.others = others;
    this.bootstrap = bootstrap;
  }

  static Optional<Realism> measure(
      DomainSample real,
      DomainSample synthetic,
      Sample refined,
      Optional<Sample> stable,
      EvaluationContext setting) {
    if (setting.plan().featureSteps() == 0) {
      return setting.omit(PART, "evaluation.featureSteps is 0.");
    }
    if (Math.min(real.heldOut().count(), refined.count()) < LEAST) {
      return setting.omit(PART, Evaluation.tooFew(real.heldOut().count(), refined.count(), LEAST));
    }
    long seed = setting.seed(STREAM);
    try (FeatureNetwork network =
        FeatureNetwork.train(real.training(), synthetic.training(), setting, seed)) {
      if (network.count() == 0) {
        return setting.omit(
            PART, "No feature of the network varies: raise evaluation.featureSteps.");
      }
      SplittableRandom random = Seeds.stream(seed, 2);
      int[] realPlaces = some(real.heldOut().count(), MOST, random);
      int[] otherPlaces = some(refined.count(), MOST, random);
      int[] floorPlaces = some(real.training().count(), realPlaces.length, random);
      List<double[][]> others = new ArrayList<>();
      others.add(network.of(synthetic.heldOut().only(otherPlaces)));
      others.add(network.of(refined.only(otherPlaces)));
      stable.ifPresent(sample -> others.add(network.of(sample.only(otherPlaces))));
      RealismMeasure measure =
          new RealismMeasure(
              network.of(real.heldOut().only(realPlaces)),
              network.of(real.training().only(floorPlaces)),
              others,
              setting.bootstrap());
      return Optional.of(
          new Realism(
              network.count(),
              realPlaces.length,
              otherPlaces.length,
              measure.frechet(),
              measure.kernel()));
    }
  }

  private static int[] some(int count, int most, SplittableRandom random) {
    return Seeds.distinct(random, Math.min(count, most), count);
  }

  private Distance frechet() {
    return distance(
        (realPlaces, places) -> {
          Gaussian ofReal = Gaussian.of(real, realPlaces);
          return others.stream()
              .mapToDouble(other -> Frechet.distance(ofReal, Gaussian.of(other, places)))
              .toArray();
        },
        Frechet.distance(Gaussian.of(real, all(real)), Gaussian.of(floor, all(floor))));
  }

  private Distance kernel() {
    List<KernelDistance> distances =
        others.stream().map(other -> new KernelDistance(real, other)).toList();
    return distance(
        (realPlaces, places) -> {
          int[] realCounts = counts(realPlaces, real.length);
          int[] counts = counts(places, others.get(0).length);
          return distances.stream().mapToDouble(one -> one.of(realCounts, counts)).toArray();
        },
        new KernelDistance(real, floor)
            .of(counts(all(real), real.length), counts(all(floor), floor.length)));
  }

  /** Distances from every other set to the real one, for the given images of both. */
  private interface Distances {
    double[] of(int[] realPlaces, int[] places);
  }

  private Distance distance(Distances distances, double floorValue) {
    int realCount = real.length;
    int count = others.get(0).length;
    double[] values = distances.of(all(real), all(others.get(0)));
    double[][] again = new double[bootstrap.resamples()][];
    SplittableRandom random = bootstrap.random();
    for (int r = 0; r < again.length; r++) {
      again[r] = distances.of(Bootstrap.draw(random, realCount), Bootstrap.draw(random, count));
    }
    boolean stable = values.length > 2;
    return new Distance(
        estimate(values, again, 0),
        estimate(values, again, 1),
        difference(values, again, 0),
        floorValue,
        stable ? Optional.of(estimate(values, again, 2)) : Optional.empty(),
        stable ? Optional.of(difference(values, again, 2)) : Optional.empty());
  }

  private static Estimate estimate(double[] values, double[][] again, int set) {
    return Estimate.of(
        values[set], IntStream.range(0, again.length).mapToDouble(r -> again[r][set]).toArray());
  }

  /** The set's distance minus that of the refined set. */
  private static Estimate difference(double[] values, double[][] again, int set) {
    return Estimate.of(
        values[set] - values[1],
        IntStream.range(0, again.length).mapToDouble(r -> again[r][set] - again[r][1]).toArray());
  }

  private static int[] all(double[][] features) {
    return IntStream.range(0, features.length).toArray();
  }

  private static int[] counts(int[] places, int size) {
    int[] counts = new int[size];
    for (int place : places) {
      counts[place]++;
    }
    return counts;
  }
}
