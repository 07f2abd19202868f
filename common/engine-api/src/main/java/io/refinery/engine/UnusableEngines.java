package io.refinery.engine;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Engines that were found unusable by a trial in another process. This process skips them without
 * loading their native libraries, which may be what crashed the trial.
 */
public final class UnusableEngines {

  private record Use(Class<? extends Engine> kind, String engine, Device device) {}

  /** Static, since the result holds for this machine and so for every selection in this process. */
  private static final Map<Use, String> FOUND = new ConcurrentHashMap<>();

  private UnusableEngines() {}

  /**
   * Records an unusable engine.
   *
   * @param kind the interface as which it is unusable
   * @param missing what {@code engine} lacks on {@code device}, as a sentence
   */
  public static void add(
      Class<? extends Engine> kind, String engine, Device device, String missing) {
    FOUND.put(new Use(kind, engine, device), missing);
  }

  /** Returns what {@code engine} lacks on {@code device}; empty if it was not found unusable. */
  static Optional<String> missing(Engine engine, Device device) {
    return FOUND.entrySet().stream()
        .filter(found -> found.getKey().kind().isInstance(engine))
        .filter(found -> found.getKey().engine().equals(engine.name()))
        .filter(found -> found.getKey().device().equals(device))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
