package io.refinery.trainer.report;

import java.util.Locale;

/** Formats numbers for people, with about three significant digits. */
final class NumberFormats {

  private NumberFormats() {}

  static String text(double value) {
    double size = Math.abs(value);
    if (size != 0 && size < 0.001) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
    int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
