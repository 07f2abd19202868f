package io.refinery.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** Gradients by central differences. */
public final class FiniteDifferences {

  private static final double STEP = 1e-6;

  private FiniteDifferences() {}

  /**
   * Returns the slope of {@code loss} along every parameter.
   *
   * @param parameters by name; modified during the call, then restored
   */
  public static Map<String, double[]> of(Map<String, double[]> parameters, DoubleSupplier loss) {
    Map<String, double[]> gradient = new LinkedHashMap<>();
    parameters.forEach((name, values) -> gradient.put(name, slopes(values, loss)));
    return gradient;
  }

  private static double[] slopes(double[] values, DoubleSupplier loss) {
    double[] slopes = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      values[i] = value + STEP;
      double above = loss.getAsDouble();
      values[i] = value - STEP;
      double below = loss.getAsDouble();
      values[i] = value;
      slopes[i] = (above - below) / (2 * STEP);
    }
    return slopes;
  }

  /**
   * Fails if a value differs by more than {@code tolerance} times the largest slope.
   *
   * @param gradient by name
   */
  public static void assertClose(
      Map<String, double[]> gradient, Map<String, double[]> differences, double tolerance) {
    double largest =
        differences.values().stream()
            .flatMapToDouble(Arrays::stream)
            .map(Math::abs)
            .max()
            .orElseThrow();
    assertThat(largest).isGreaterThan(1e-3);
    differences.forEach(
        (name, slopes) ->
            assertThat(gradient.get(name))
                .as(name)
                .usingComparatorWithPrecision(tolerance * largest)
                .containsExactly(slopes));
  }
}
