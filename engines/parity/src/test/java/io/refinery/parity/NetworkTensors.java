package io.refinery.parity;

import io.refinery.engine.AdversarialPair;
import io.refinery.network.Weights;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tensors of both networks by name: weights, gradients, or changes of weights. */
record NetworkTensors(Map<String, float[]> refiner, Map<String, float[]> discriminator) {

  static NetworkTensors of(AdversarialPair pair) {
    return new NetworkTensors(values(pair.refinerWeights()), values(pair.discriminatorWeights()));
  }

  /** Returns the difference between {@code later} and these. */
  NetworkTensors changeTo(NetworkTensors later) {
    return new NetworkTensors(
        difference(later.refiner, refiner), difference(later.discriminator, discriminator));
  }

  private static Map<String, float[]> values(Weights weights) {
    Map<String, float[]> values = new LinkedHashMap<>();
    weights.tensors().forEach((name, tensor) -> values.put(name, tensor.values()));
    return values;
  }

  private static Map<String, float[]> difference(
      Map<String, float[]> from, Map<String, float[]> subtracted) {
    Map<String, float[]> difference = new LinkedHashMap<>();
    from.forEach((name, values) -> difference.put(name, difference(values, subtracted.get(name))));
    return difference;
  }

  private static float[] difference(float[] from, float[] subtracted) {
    float[] difference = new float[from.length];
    for (int i = 0; i < from.length; i++) {
      difference[i] = from[i] - subtracted[i];
    }
    return difference;
  }
}
