package io.refinery.trainer;

import io.refinery.engine.AdversarialPair;
import io.refinery.image.ImageBatch;
import java.util.LinkedHashMap;
import java.util.Map;

/** What both networks do on images that were kept from training. */
final class Evaluation {

  private Evaluation() {}

  /**
   * Figures for the manifest:
   *
   * <ul>
   *   <li>{@code discriminator.accuracy.real}, {@code discriminator.accuracy.refined}: share of
   *       patches that D takes for what they are; 0.5 for both where it cannot tell
   *   <li>{@code refiner.change.levels}: mean absolute change of a pixel, in levels of 255
   * </ul>
   */
  static Map<String, Double> metrics(AdversarialPair pair, ImageBatch synthetic, ImageBatch real) {
    ImageBatch refined = pair.refine(synthetic);
    Map<String, Double> metrics = new LinkedHashMap<>();
    double realTakenForRefined = shareTakenForRefined(pair.discriminate(real));
    metrics.put("discriminator.accuracy.real", 1 - realTakenForRefined);
    metrics.put("discriminator.accuracy.refined", shareTakenForRefined(pair.discriminate(refined)));
    metrics.put("refiner.change.levels", meanChange(synthetic, refined) * 127.5);
    return metrics;
  }

  private static double shareTakenForRefined(float[] probabilities) {
    int taken = 0;
    for (float probability : probabilities) {
      if (probability > 0.5) {
        taken++;
      }
    }
    return (double) taken / probabilities.length;
  }

  private static double meanChange(ImageBatch before, ImageBatch after) {
    double sum = 0;
    for (int i = 0; i < before.pixels().length; i++) {
      sum += Math.abs(after.pixels()[i] - before.pixels()[i]);
    }
    return sum / before.pixels().length;
  }
}
