package io.refinery.engine;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The numbers that convolutions are computed in; images and weights outside stay 32-bit floats. */
public enum Precision {
  /** 32-bit floats throughout. */
  FULL,
  /** 32-bit floats whose products are of 10-bit mantissas: NVIDIA's TF32. */
  TF32,
  /** 16-bit floats of 7-bit mantissa: bfloat16. */
  BFLOAT16,
  /** 16-bit floats of 10-bit mantissa: IEEE 754 half precision. */
  HALF;

  /**
   * @throws IllegalArgumentException naming those that there are
   */
  public static Precision parse(String text) {
    return Arrays.stream(values())
        .filter(precision -> precision.toString().equalsIgnoreCase(text.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + text
                        + "' is no precision: "
                        + Arrays.stream(values())
                            .map(Precision::toString)
                            .collect(Collectors.joining(", "))));
  }

  /**
   * @throws IllegalArgumentException where {@code engine} cannot compute in {@code precision}
   */
  public static void requireOneOf(Engine engine, Device device, Precision precision) {
    if (!engine.precisions(device).contains(precision)) {
      throw new IllegalArgumentException(
          "%s computes on %s in %s, not in %s"
              .formatted(engine.name(), device, engine.precisions(device), precision));
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
