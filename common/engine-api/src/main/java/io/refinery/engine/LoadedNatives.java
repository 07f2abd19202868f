package io.refinery.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which versions of native libraries the engines of a process use. Two of one name in a process
 * share symbols, and crash or compute wrongly.
 */
final class LoadedNatives {

  /** Native libraries belong to the process. */
  static final LoadedNatives OF_PROCESS = new LoadedNatives();

  private record Use(String version, String engine) {}

  private final Map<String, Use> uses = new HashMap<>();

  /** Why {@code engine} cannot be used beside those that are, as a sentence; empty if it can. */
  synchronized Optional<String> conflict(Engine engine) {
    return engine.natives().entrySet().stream()
        .filter(library -> uses.containsKey(library.getKey()))
        .filter(library -> !uses.get(library.getKey()).version().equals(library.getValue()))
        .findFirst()
        .map(library -> sentence(engine, library, uses.get(library.getKey())));
  }

  private static String sentence(Engine engine, Map.Entry<String, String> library, Use use) {
    return "It brings %s %s, and %s, which this process uses already, %s. Run %s in a process of its own."
        .formatted(
            library.getKey(), library.getValue(), use.engine(), use.version(), engine.name());
  }

  /** Why two engines cannot work in one process, as a sentence; empty where they can. */
  static Optional<String> disagreement(Engine one, Engine other) {
    return one.natives().entrySet().stream()
        .filter(library -> other.natives().containsKey(library.getKey()))
        .filter(library -> !other.natives().get(library.getKey()).equals(library.getValue()))
        .findFirst()
        .map(
            library ->
                "%s brings %s %s, and %s brings %s."
                    .formatted(
                        one.name(),
                        library.getKey(),
                        library.getValue(),
                        other.name(),
                        other.natives().get(library.getKey())));
  }

  /** From now on the process uses the libraries of {@code engine}. */
  synchronized void use(Engine engine) {
    engine
        .natives()
        .forEach((library, version) -> uses.putIfAbsent(library, new Use(version, engine.name())));
  }
}
