package io.refinery.console.doctor;

import io.refinery.engine.EngineOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one {@link EngineProbe} tries.
 *
 * @param uses that the engine is tried for
 * @param seconds that each measurement takes; 0 for none
 * @param folder of its own
 * @param options of all engines
 */
record ProbeTask(
    String engine,
    String device,
    Set<EngineUse> uses,
    double seconds,
    Path folder,
    EngineOptions options) {

  private static final String AND = ",";

  /** Where it writes what it found. */
  Path result() {
    return folder.resolve("result.json");
  }

  List<String> toArguments() {
    List<String> arguments = new ArrayList<>();
    arguments.add(engine);
    arguments.add(device);
    arguments.add(uses.stream().map(EngineUse::name).collect(Collectors.joining(AND)));
    arguments.add(Double.toString(seconds));
    arguments.add(folder.toString());
    arguments.addAll(options.toAssignments());
    return arguments;
  }

  static ProbeTask of(List<String> arguments) {
    return new ProbeTask(
        arguments.get(0),
        arguments.get(1),
        uses(arguments.get(2)),
        Double.parseDouble(arguments.get(3)),
        Path.of(arguments.get(4)),
        EngineOptions.parse(arguments.subList(5, arguments.size())));
  }

  private static Set<EngineUse> uses(String names) {
    return Arrays.stream(names.split(AND))
        .map(EngineUse::valueOf)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(EngineUse.class)));
  }
}
