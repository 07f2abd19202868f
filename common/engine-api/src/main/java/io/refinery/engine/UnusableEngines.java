package io.refinery.engine;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Engines that were found unusable by trying them in another process. This process passes over them
 * without loading their native libraries, which may be what ended that other process.
 */
public final class UnusableEngines {

  private record Use(Class<? extends Engine> kind, String engine, Device device) {}

  /** What was found is true of the machine, for every selection in this process. */
  private static final Map<Use, String> FOUND = new ConcurrentHashMap<>();

  private UnusableEngines() {}

  /**
   * @param kind what it was found unusable as
   * @param missing what {@code engine} lacks on {@code device}, as a sentence
   */
  public static void add(
      Class<? extends Engine> kind, String engine, Device device, String missing) {
    FOUND.put(new Use(kind, engine, device), missing);
  }

  /** What {@code engine} lacks on {@code device}; empty where nothing is known. */
  static Optional<String> missing(Engine engine, Device device) {
    return FOUND.entrySet().stream()
        .filter(found -> found.getKey().kind().isInstance(engine))
        .filter(found -> found.getKey().engine().equals(engine.name()))
        .filter(found -> found.getKey().device().equals(device))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
