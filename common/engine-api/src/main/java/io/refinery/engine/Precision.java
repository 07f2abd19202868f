package io.refinery.engine;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The number format that convolutions are computed in; images and stored weights remain 32-bit
 * floats.
 */
public enum Precision {
  /** 32-bit floats throughout. */
  FULL,
  /** 32-bit floats, multiplied with 10-bit mantissas: NVIDIA's TF32. */
  TF32,
  /** 16-bit floats with a 7-bit mantissa: bfloat16. */
  BFLOAT16,
  /** 16-bit floats with a 10-bit mantissa: IEEE 754 half precision. */
  HALF;

  /**
   * Parses the name of a precision.
   *
   * @throws IllegalArgumentException listing the valid names
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
                        + "' is not a precision; use one of "
                        + Arrays.stream(values())
                            .map(Precision::toString)
                            .collect(Collectors.joining(", "))));
  }

  /**
   * Checks that an engine supports a precision on a device.
   *
   * @throws IllegalArgumentException when {@code engine} cannot compute in {@code precision}
   */
  public static void requireOneOf(Engine engine, Device device, Precision precision) {
    if (!engine.precisions(device).contains(precision)) {
      throw new IllegalArgumentException(
          "%s on %s supports %s, not %s"
              .formatted(engine.name(), device, engine.precisions(device), precision));
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
