package io.refinery.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The versions of the native libraries that a process's engines use. Two versions of a library in
 * one process share symbols, and crash or compute wrongly.
 */
final class LoadedNatives {

  /** The libraries loaded in this process. */
  static final LoadedNatives OF_PROCESS = new LoadedNatives();

  private record Use(String version, String engine) {}

  private final Map<String, Use> uses = new HashMap<>();

  /**
   * Returns, as a sentence, why {@code engine} conflicts with those in use; empty if it does not.
   */
  synchronized Optional<String> conflict(Engine engine) {
    return engine.natives().entrySet().stream()
        .filter(library -> uses.containsKey(library.getKey()))
        .filter(library -> !uses.get(library.getKey()).version().equals(library.getValue()))
        .findFirst()
        .map(library -> sentence(engine, library, uses.get(library.getKey())));
  }

  private static String sentence(Engine engine, Map.Entry<String, String> library, Use use) {
    return "It uses %s %s, but %s, already in use in this process, uses %s. Run %s in a separate process."
        .formatted(
            library.getKey(), library.getValue(), use.engine(), use.version(), engine.name());
  }

  /** Returns, as a sentence, why two engines cannot share a process; empty if they can. */
  static Optional<String> disagreement(Engine one, Engine other) {
    return one.natives().entrySet().stream()
        .filter(library -> other.natives().containsKey(library.getKey()))
        .filter(library -> !other.natives().get(library.getKey()).equals(library.getValue()))
        .findFirst()
        .map(
            library ->
                "%s uses %s %s, but %s uses %s."
                    .formatted(
                        one.name(),
                        library.getKey(),
                        library.getValue(),
                        other.name(),
                        other.natives().get(library.getKey())));
  }

  /** Records that the process now uses the libraries of {@code engine}. */
  synchronized void use(Engine engine) {
    engine
        .natives()
        .forEach((library, version) -> uses.putIfAbsent(library, new Use(version, engine.name())));
  }
}
