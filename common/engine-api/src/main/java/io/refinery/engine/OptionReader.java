package io.refinery.engine;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads the options of one engine as the types they are. The value {@code auto} is as good as none.
 * Every method throws an {@link IllegalArgumentException} that gives an option's full name where
 * its value is not valid.
 */
public final class OptionReader {

  private static final String AUTO = "auto";

  private final String prefix;
  private final Map<String, String> values;

  OptionReader(String prefix, Map<String, String> values) {
    this.prefix = prefix;
    this.values = values;
  }

  /** A whole number of at least 1; empty for {@code auto}. */
  public Optional<Integer> count(String name) {
    return text(name).map(text -> count(name, text));
  }

  private int count(String name, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw invalid(name, "auto or a whole number of at least 1", text, e);
    }
    throw invalid(name, "auto or a whole number of at least 1", text, null);
  }

  /** Images of 55x35 at a time, at least 1; empty for {@code auto}. */
  public Optional<MicroBatchSize> microBatch(String name) {
    return count(name).map(MicroBatchSize::new);
  }

  /** {@code true} or {@code false}; empty for {@code auto}. */
  public Optional<Boolean> toggle(String name) {
    return text(name)
        .map(
            text ->
                switch (text) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw invalid(name, "auto, true or false", text, null);
                });
  }

  /**
   * {@code true} or {@code false}.
   *
   * @param usual where the option is not given
   */
  public boolean flag(String name, boolean usual) {
    if (text(name).isEmpty() && values.containsKey(prefix + name)) {
      throw invalid(name, "true or false", AUTO, null);
    }
    return toggle(name).orElse(usual);
  }

  /** A constant of {@code choices}, in lower case; empty for {@code auto}. */
  public <E extends Enum<E>> Optional<E> choice(String name, Class<E> choices) {
    return text(name).map(text -> choice(name, choices, text));
  }

  private <E extends Enum<E>> E choice(String name, Class<E> choices, String text) {
    return Arrays.stream(choices.getEnumConstants())
        .filter(choice -> lowerCase(choice).equals(text))
        .findFirst()
        .orElseThrow(() -> invalid(name, "auto or one of " + names(choices), text, null));
  }

  private static String names(Class<? extends Enum<?>> choices) {
    return Arrays.stream(choices.getEnumConstants())
        .map(OptionReader::lowerCase)
        .collect(Collectors.joining(", "));
  }

  private static String lowerCase(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  private Optional<String> text(String name) {
    return Optional.ofNullable(values.get(prefix + name))
        .map(String::strip)
        .filter(text -> !text.equals(AUTO));
  }

  private IllegalArgumentException invalid(
      String name, String valid, String text, NumberFormatException cause) {
    return new IllegalArgumentException(
        "%s%s is %s, not '%s'".formatted(prefix, name, valid, text), cause);
  }
}
