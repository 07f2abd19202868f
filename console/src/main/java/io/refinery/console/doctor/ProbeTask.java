package io.refinery.console.doctor;

import java.nio.file.Path;
import java.util.List;

/**
 * What one {@link EngineProbe} tries.
 *
 * @param seconds that each measurement takes; 0 for none
 * @param folder of its own
 */
record ProbeTask(String engine, String device, double seconds, Path folder) {

  /** Where it writes what it found. */
  Path result() {
    return folder.resolve("result.json");
  }

  List<String> toArguments() {
    return List.of(engine, device, Double.toString(seconds), folder.toString());
  }

  static ProbeTask of(List<String> arguments) {
    return new ProbeTask(
        arguments.get(0),
        arguments.get(1),
        Double.parseDouble(arguments.get(2)),
        Path.of(arguments.get(3)));
  }
}
