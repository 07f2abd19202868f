package io.refinery.parity;

import io.refinery.engine.Losses;
import io.refinery.engine.Optimizer;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.json.Json;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Tensor;
import io.refinery.network.Weights;
import io.refinery.trainer.plan.Schedule;
import io.refinery.trainer.plan.TrainingPlan.RateDrop;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The vectors in the test kit's folder {@code golden}, as its README describes them.
 *
 * @param weights the initial weights of both networks, row-major
 * @param synthetic all images, one after the other
 * @param real likewise
 */
record GoldenVectors(
    List<String> cases,
    ImageShape shape,
    RefinerNetwork refiner,
    DiscriminatorNetwork discriminator,
    Schedule schedule,
    NetworkTensors weights,
    List<Float> synthetic,
    List<Float> real) {

  /** One update from the initial weights: the losses before it, and the gradient. */
  record Update(List<Double> losses, Map<String, float[]> gradients) {}

  record Updates(Update pretraining, Update refiner, Update discriminator) {}

  /**
   * The losses of a step: R's adversarial and self-regularisation terms; D's total, real and
   * refined.
   */
  record StepLosses(List<Double> refiner, List<Double> discriminator) {}

  /** The course of a training: the losses of every step, and the resulting weights. */
  record Course(StepLosses pretraining, List<StepLosses> steps, NetworkTensors weights) {}

  /** One way of training, and its results. */
  record Case(
      Losses losses,
      Optimizer refinerOptimizer,
      Optimizer discriminatorOptimizer,
      double gradientClip,
      List<RateDrop> learningRateDrops,
      Updates updates,
      StepLosses pretraining,
      List<StepLosses> steps,
      NetworkTensors weights) {

    Course course() {
      return new Course(pretraining, steps, weights);
    }

    /** Returns the factor of both learning rates after this many steps. */
    double learningRateFactor(int steps) {
      double factor = 1;
      for (RateDrop drop : learningRateDrops) {
        factor = drop.afterStep() <= steps ? drop.factor() : factor;
      }
      return factor;
    }
  }

  static GoldenVectors read() {
    return read("inputs", GoldenVectors.class);
  }

  Case named(String name) {
    return read(name, Case.class);
  }

  private static <T> T read(String name, Class<T> type) {
    try (InputStream in = GoldenVectors.class.getResourceAsStream("/golden/" + name + ".json")) {
      return Json.mapper().readValue(in, type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PairSpec spec(Case of, Optimizer ofRefiner, Optimizer ofDiscriminator, double gradientClip) {
    return new PairSpec(
        refiner,
        discriminator,
        shape,
        schedule.batch(),
        Math.max(schedule.batch(), schedule.historySize()),
        of.losses(),
        ofRefiner,
        ofDiscriminator,
        gradientClip,
        1);
  }

  Weights refinerWeights() {
    return weights(weights.refiner(), refiner.parameters());
  }

  Weights discriminatorWeights() {
    return weights(weights.discriminator(), discriminator.parameters());
  }

  private static Weights weights(Map<String, float[]> values, Map<String, List<Integer>> shapes) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> tensors.put(name, new Tensor(shape, values.get(name))));
    return new Weights(tensors);
  }

  ImageBatch syntheticImages() {
    return images(synthetic);
  }

  ImageBatch realImages() {
    return images(real);
  }

  private ImageBatch images(List<Float> values) {
    float[] pixels = new float[values.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = values.get(i);
    }
    return new ImageBatch(pixels.length / shape.values(), shape, pixels);
  }
}
