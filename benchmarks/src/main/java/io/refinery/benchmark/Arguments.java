package io.refinery.benchmark;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The arguments of a benchmark. */
final class Arguments {

  private Arguments() {}

  /** Returns {@code name=value} arguments by name; the last one of each name counts. */
  static Map<String, String> of(String[] arguments) {
    return Arrays.stream(arguments)
        .map(argument -> argument.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (earlier, later) -> later));
  }
}
