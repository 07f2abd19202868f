package io.refinery.console.config;

import java.util.OptionalInt;

/**
 * A whole number of at least 1, or {@code auto} to leave it to the program.
 *
 * @param count empty for {@code auto}
 */
public record CountOrAuto(OptionalInt count) {

  private static final String AUTO = "auto";

  /**
   * @throws IllegalArgumentException saying what is valid
   */
  static CountOrAuto parse(String text) {
    if (text.equals(AUTO)) {
      return new CountOrAuto(OptionalInt.empty());
    }
    try {
      int count = Integer.parseInt(text);
      if (count >= 1) {
        return new CountOrAuto(OptionalInt.of(count));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(invalid(text), e);
    }
    throw new IllegalArgumentException(invalid(text));
  }

  private static String invalid(String text) {
    return "'" + text + "' is not auto or a whole number of at least 1";
  }

  /** The number, or {@code auto}. */
  @Override
  public String toString() {
    return count.isPresent() ? Integer.toString(count.getAsInt()) : AUTO;
  }
}
