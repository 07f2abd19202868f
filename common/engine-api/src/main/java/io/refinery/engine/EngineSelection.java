package io.refinery.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine that a process works with: the one that was named, or of all that there are the
 * fastest that can use the device. There is no way from a GPU to the processor but to ask for it.
 *
 * @param <E> {@link RefiningEngine} or {@link TrainingEngine}
 * @param description runtime and version of the engine, and its precision where that is not full
 */
public record EngineSelection<E extends Engine>(
    E engine, Device device, Precision precision, String description) {

  /** The name that means: whichever is fastest. */
  public static final String AUTO = "auto";

  private static final Logger log = LoggerFactory.getLogger(EngineSelection.class);

  /**
   * The engine to refine with.
   *
   * @param wanted an engine's name, or {@link #AUTO}
   * @param options of all engines
   * @throws EngineException saying what is missing
   * @throws IllegalArgumentException naming an option that is not valid
   */
  public static EngineSelection<RefiningEngine> refining(
      String wanted, Device device, Precision precision, EngineOptions options) {
    return select(
        "refine",
        wanted,
        device,
        precision,
        EnginePluginLoader.engines(RefiningEngine.class, options),
        LoadedNatives.OF_PROCESS);
  }

  /** The engine to refine with, in full precision. */
  public static EngineSelection<RefiningEngine> refining(
      String wanted, Device device, EngineOptions options) {
    return refining(wanted, device, Precision.FULL, options);
  }

  /**
   * The engine to train with.
   *
   * @param wanted an engine's name, or {@link #AUTO}
   * @param options of all engines
   * @throws EngineException saying what is missing
   * @throws IllegalArgumentException naming an option that is not valid
   */
  public static EngineSelection<TrainingEngine> training(
      String wanted, Device device, EngineOptions options) {
    return select(
        "train",
        wanted,
        device,
        Precision.FULL,
        EnginePluginLoader.engines(TrainingEngine.class, options),
        LoadedNatives.OF_PROCESS);
  }

  /**
   * Why an engine to refine with and one to train with cannot share a process, as a sentence; empty
   * where they can, and where one of them is {@link #AUTO} or not here.
   */
  public static Optional<String> clash(String refining, String training) {
    return named(refining, EnginePluginLoader.engines(RefiningEngine.class))
        .flatMap(
            first ->
                named(training, EnginePluginLoader.engines(TrainingEngine.class))
                    .flatMap(second -> LoadedNatives.disagreement(first, second)));
  }

  private static <E extends Engine> Optional<E> named(String name, List<E> engines) {
    return engines.stream().filter(engine -> engine.name().equalsIgnoreCase(name)).findFirst();
  }

  static <E extends Engine> EngineSelection<E> select(
      String purpose,
      String wanted,
      Device device,
      Precision precision,
      List<E> engines,
      LoadedNatives natives) {
    List<E> asked = asked(purpose, wanted, engines);
    List<String> missing = new ArrayList<>();
    for (E engine : fastestFirst(asked, device)) {
      Optional<String> obstacle = obstacle(engine, device, precision, natives);
      if (obstacle.isPresent()) {
        missing.add(engine.name() + ": " + obstacle.get());
      } else if (engine.availability(device) instanceof Availability.Available available) {
        natives.use(engine);
        log.info(
            "Engine to {} with on {} in {} precision: {} ({}), {}{}",
            purpose,
            device,
            precision,
            engine.name(),
            available.description(),
            isAuto(wanted) ? "the fastest that can of " + names(asked) : "as asked for",
            missing.isEmpty() ? "" : "; not usable: " + String.join(" ", missing));
        return new EngineSelection<>(
            engine, device, precision, described(available.description(), precision));
      } else if (engine.availability(device) instanceof Availability.Unavailable unavailable) {
        missing.add(engine.name() + ": " + unavailable.missing());
      }
    }
    throw new EngineException(
        "Nothing can %s on %s in %s precision. %s"
            .formatted(purpose, device, precision, String.join(" ", missing)));
  }

  /** Full precision is what one expects, and goes without saying. */
  private static String described(String runtime, Precision precision) {
    return precision == Precision.FULL ? runtime : runtime + ", " + precision + " precision";
  }

  /** The order in which engines are tried. */
  static <E extends Engine> List<E> fastestFirst(List<E> engines, Device device) {
    return engines.stream()
        .sorted(Comparator.comparingInt((E engine) -> engine.speed(device)).reversed())
        .toList();
  }

  private static <E extends Engine> List<E> asked(String purpose, String wanted, List<E> engines) {
    List<E> asked =
        engines.stream()
            .filter(engine -> isAuto(wanted) || engine.name().equalsIgnoreCase(wanted))
            .toList();
    if (asked.isEmpty()) {
      throw new EngineException(notHere(purpose, wanted, engines));
    }
    return asked;
  }

  private static String notHere(String purpose, String wanted, List<? extends Engine> engines) {
    if (isAuto(wanted)) {
      return "There is no engine here that can " + purpose + ". " + EnginePluginLoader.place();
    }
    if (EnginePluginLoader.names().stream().anyMatch(wanted::equalsIgnoreCase)) {
      return "The engine '%s' cannot %s, only %s can.".formatted(wanted, purpose, names(engines));
    }
    return "There is no engine '%s' to %s with here, only %s. %s"
        .formatted(wanted, purpose, names(engines), EnginePluginLoader.place());
  }

  private static Optional<String> obstacle(
      Engine engine, Device device, Precision precision, LoadedNatives natives) {
    // Before it is asked for its precisions, which may load its native libraries.
    return UnusableEngines.missing(engine, device)
        .or(() -> natives.conflict(engine))
        .or(() -> lacking(engine, device, precision));
  }

  private static Optional<String> lacking(Engine engine, Device device, Precision precision) {
    Set<Precision> offered = engine.precisions(device);
    if (offered.contains(precision)) {
      return Optional.empty();
    }
    String names =
        offered.stream().map(Precision::toString).sorted().collect(Collectors.joining(", "));
    return Optional.of("On %s it computes in %s, not in %s.".formatted(device, names, precision));
  }

  /** Whether a name means: whichever is fastest. */
  public static boolean isAuto(String wanted) {
    return wanted.equalsIgnoreCase(AUTO);
  }

  private static String names(List<? extends Engine> engines) {
    return engines.isEmpty()
        ? "none"
        : String.join(", ", engines.stream().map(Engine::name).toList());
  }
}
