package io.refinery.parity;

import io.refinery.engine.Engine;
import io.refinery.engine.EnginePluginLoader;
import io.refinery.engine.RefiningEngine;
import io.refinery.engine.TrainingEngine;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The engines of this build. */
final class Engines {

  private Engines() {}

  /** Returns the names of the engines that refine, in order. */
  static List<String> refining() {
    return names(RefiningEngine.class);
  }

  /** Returns the names of the engines that train, in order. */
  static List<String> training() {
    return names(TrainingEngine.class);
  }

  private static List<String> names(Class<? extends Engine> kind) {
    Set<String> names = new TreeSet<>();
    EnginePluginLoader.engines(kind).forEach(engine -> names.add(engine.name()));
    return List.copyOf(names);
  }

  static <E extends Engine> E named(Class<E> kind, String name) {
    return EnginePluginLoader.engines(kind).stream()
        .filter(engine -> engine.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
