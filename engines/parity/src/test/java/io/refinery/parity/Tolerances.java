package io.refinery.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/** Assertions on values that may differ only by the order in which an engine adds. */
final class Tolerances {

  private Tolerances() {}

  /** Asserts losses, each with a tolerance relative to its value. */
  static void assertLosses(
      String what, List<Double> actual, List<Double> expected, double tolerance) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Math.abs(actual.get(i) / expected.get(i) - 1))
          .as("%s: %s, not %s", what, actual, expected)
          .isLessThan(tolerance);
    }
  }

  /** Asserts tensors, with a tolerance relative to the largest value of each tensor. */
  static void assertTensors(
      Map<String, float[]> actual, Map<String, float[]> expected, double tolerance) {
    assertThat(actual).containsOnlyKeys(expected.keySet());
    expected.forEach((name, values) -> assertTensor(name, actual.get(name), values, tolerance));
  }

  static void assertTensor(String name, float[] actual, float[] expected, double tolerance) {
    assertThat(actual).as(name).hasSameSizeAs(expected);
    double largest = 0;
    double furthest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      furthest = Math.max(furthest, Math.abs(actual[i] - expected[i]));
    }
    assertThat(largest).as(name).isPositive();
    assertThat(furthest / largest).as(name).isLessThan(tolerance);
  }
}
