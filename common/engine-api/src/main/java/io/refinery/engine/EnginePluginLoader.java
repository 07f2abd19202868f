package io.refinery.engine;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The engines that this process could use: those on its class path, and those of {@link
 * #HOME_PROPERTY}, where every folder holds one family. A family's libraries are seen by that
 * family alone, so that two may bring the same library in different versions.
 */
public final class EnginePluginLoader {

  /**
   * System property with the folder of families. A family {@code F} has its libraries in {@code
   * F/lib}, or, as a build leaves them, its classes in {@code F/target/classes} and its libraries
   * in {@code F/target/lib}.
   */
  public static final String HOME_PROPERTY = "refinery.engines.home";

  /** Native libraries stay loaded, so a family keeps its class loader as long as the process. */
  private static final Map<Path, ClassLoader> LOADERS = new ConcurrentHashMap<>();

  private EnginePluginLoader() {}

  /**
   * All engines of one kind with default options, none of which has loaded native code yet.
   *
   * @throws EngineException where the folder of families, or a family in it, cannot be read
   */
  public static <E extends Engine> List<E> engines(Class<E> kind) {
    return engines(kind, home());
  }

  /**
   * All engines of one kind with their options, none of which has loaded native code yet.
   *
   * @throws EngineException where the folder of families, or a family in it, cannot be read
   * @throws IllegalArgumentException naming an option that is not valid
   */
  public static <E extends Engine> List<E> engines(Class<E> kind, EngineOptions options) {
    return engines(kind).stream().map(engine -> kind.cast(engine.withOptions(options))).toList();
  }

  static <E extends Engine> List<E> engines(Class<E> kind, Optional<Path> home) {
    List<E> engines = new ArrayList<>(onClassPath(kind));
    for (Path family : families(home)) {
      engines.addAll(of(family, kind));
    }
    return engines;
  }

  /** The names of all engines of any kind, in order. */
  public static Collection<String> names() {
    Collection<String> names = new TreeSet<>();
    engines(RefiningEngine.class).forEach(engine -> names.add(engine.name()));
    engines(TrainingEngine.class).forEach(engine -> names.add(engine.name()));
    return names;
  }

  /** Where engines are looked for, for messages. */
  static String place() {
    return home()
        .map(folder -> "Engines are looked for in " + folder + " (" + HOME_PROPERTY + ").")
        .orElse(
            "Engines are looked for on the class path alone: "
                + HOME_PROPERTY
                + " names no folder.");
  }

  private static Optional<Path> home() {
    return Optional.ofNullable(System.getProperty(HOME_PROPERTY)).map(Path::of);
  }

  private static <E extends Engine> List<E> onClassPath(Class<E> kind) {
    return ServiceLoader.load(kind, EnginePluginLoader.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  private static <E extends Engine> List<E> of(Path family, Class<E> kind) {
    ClassLoader loader = LOADERS.computeIfAbsent(family, EnginePluginLoader::loader);
    try {
      return ServiceLoader.load(kind, loader).stream()
          .filter(provider -> provider.type().getClassLoader() == loader)
          .map(ServiceLoader.Provider::get)
          .toList();
    } catch (ServiceConfigurationError | LinkageError e) {
      throw new EngineException(
          "The engine in " + family + " does not fit this build, build both anew: " + e, e);
    }
  }

  private static List<Path> families(Optional<Path> home) {
    if (home.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(home.get())) {
      return folders
          .map(EnginePluginLoader::base)
          .filter(folder -> Files.isDirectory(folder.resolve("lib")))
          .map(Path::toAbsolutePath)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new EngineException(
          "The engines' folder " + home.get() + " (" + HOME_PROPERTY + ") cannot be read: " + e, e);
    }
  }

  private static Path base(Path family) {
    Path built = family.resolve("target");
    return Files.isDirectory(built) ? built : family;
  }

  private static ClassLoader loader(Path base) {
    try (Stream<Path> libraries = Files.list(base.resolve("lib"))) {
      List<URL> urls = new ArrayList<>();
      urls.add(url(base.resolve("classes")));
      libraries
          .filter(file -> file.toString().endsWith(".jar"))
          .sorted()
          .forEach(file -> urls.add(url(file)));
      return new URLClassLoader(
          urls.toArray(URL[]::new), EnginePluginLoader.class.getClassLoader());
    } catch (IOException e) {
      throw new EngineException("The engine in " + base + " cannot be read: " + e, e);
    }
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("A path of this machine is no URL: " + path, e);
    }
  }
}
