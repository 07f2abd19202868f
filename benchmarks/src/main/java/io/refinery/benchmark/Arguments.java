package io.refinery.benchmark;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** What a benchmark is started with. */
final class Arguments {

  private Arguments() {}

  /** Arguments written {@code name=value}, by name; the last one of a name counts. */
  static Map<String, String> of(String[] arguments) {
    return Arrays.stream(arguments)
        .map(argument -> argument.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (earlier, later) -> later));
  }
}
