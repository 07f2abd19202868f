package io.refinery.engine;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The device an engine computes on: {@code cpu}, or {@code cuda:N} for the N-th NVIDIA GPU, from 0.
 */
public sealed interface Device {

  /** The cores of the CPU. */
  record Cpu() implements Device {
    @Override
    public String toString() {
      return "cpu";
    }
  }

  /** An NVIDIA GPU by its number, 0 or more. */
  record Cuda(int number) implements Device {
    @Override
    public String toString() {
      return "cuda:" + number;
    }
  }

  Pattern CUDA = Pattern.compile("cuda:(\\d{1,3})");

  static Device cpu() {
    return new Cpu();
  }

  /**
   * Parses the name of a device.
   *
   * @throws IllegalArgumentException listing the valid forms
   */
  static Device parse(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    if (name.equals("cpu")) {
      return new Cpu();
    }
    Matcher cuda = CUDA.matcher(name);
    if (cuda.matches()) {
      return new Cuda(Integer.parseInt(cuda.group(1)));
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not a device; use cpu, or cuda:0 for the first GPU");
  }
}
