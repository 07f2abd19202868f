package io.refinery.engine;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The options of all engines, by the full names that they have as settings: {@code
 * refinery.engines.onnx.threads -> 2}. An engine takes its own with {@link Engine#withOptions};
 * options that are not given have the engine's default.
 */
public record EngineOptions(Map<String, String> values) {

  /** The start of every name; the engine's name and the option's follow, separated by a dot. */
  public static final String PREFIX = "refinery.engines.";

  /** Every engine's own defaults. */
  public static final EngineOptions DEFAULTS = new EngineOptions(Map.of());

  /**
   * @throws IllegalArgumentException naming what is not an option's name
   */
  public EngineOptions {
    values = Map.copyOf(values);
    values.keySet().forEach(EngineOptions::requireName);
  }

  private static void requireName(String name) {
    if (!name.startsWith(PREFIX) || name.indexOf('.', PREFIX.length()) < 0) {
      throw new IllegalArgumentException(
          "'%s' is not an engine's option, such as %sonnx.threads".formatted(name, PREFIX));
    }
  }

  /**
   * Reads options as command lines have them.
   *
   * @param assignments each {@code name=value}
   * @throws IllegalArgumentException naming what is not an assignment to an option
   */
  public static EngineOptions parse(Collection<String> assignments) {
    Map<String, String> values = new HashMap<>();
    for (String assignment : assignments) {
      int sign = assignment.indexOf('=');
      if (sign < 0) {
        throw new IllegalArgumentException("'" + assignment + "' is not NAME=VALUE");
      }
      values.put(assignment.substring(0, sign), assignment.substring(sign + 1));
    }
    return new EngineOptions(values);
  }

  /** The options as {@link #parse} reads them, by name. */
  public List<String> toAssignments() {
    return values.entrySet().stream()
        .map(option -> option.getKey() + "=" + option.getValue())
        .sorted()
        .toList();
  }

  /**
   * The options of one engine.
   *
   * @param names of all options that the engine has, such as {@code threads}
   * @throws IllegalArgumentException naming an option that the engine does not have
   */
  public OptionReader of(String engine, Set<String> names) {
    String prefix = PREFIX + engine + ".";
    values.keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .filter(name -> !names.contains(name.substring(prefix.length())))
        .findFirst()
        .ifPresent(
            unknown -> {
              throw new IllegalArgumentException(
                  "The engine %s has no option '%s', only %s"
                      .formatted(engine, unknown, names.stream().sorted().toList()));
            });
    return new OptionReader(prefix, values);
  }
}
