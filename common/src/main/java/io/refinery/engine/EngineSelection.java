package io.refinery.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine that a process works with: the one that was named, or of all on the class path the
 * fastest that can use the device. There is no way from a GPU to the processor but to ask for it.
 *
 * @param <E> {@link RefiningEngine} or {@link TrainingEngine}
 * @param description runtime and version of the engine
 */
public record EngineSelection<E>(E engine, Device device, String description) {

  /** The name that means: whichever is fastest. */
  public static final String AUTO = "auto";

  private static final Logger log = LoggerFactory.getLogger(EngineSelection.class);

  /**
   * The engine to refine with.
   *
   * @param wanted an engine's name, or {@link #AUTO}
   * @throws EngineException saying what is missing
   */
  public static EngineSelection<RefiningEngine> refining(String wanted, Device device) {
    return select(
        "refine",
        wanted,
        device,
        ServiceLoader.load(RefiningEngine.class).stream()
            .map(ServiceLoader.Provider::get)
            .map(engine -> Candidate.of(engine, engine.name(), engine::availability, device))
            .toList());
  }

  /**
   * The engine to train with.
   *
   * @param wanted an engine's name, or {@link #AUTO}
   * @throws EngineException saying what is missing
   */
  public static EngineSelection<TrainingEngine> training(String wanted, Device device) {
    return select(
        "train",
        wanted,
        device,
        ServiceLoader.load(TrainingEngine.class).stream()
            .map(ServiceLoader.Provider::get)
            .map(engine -> Candidate.of(engine, engine.name(), engine::availability, device))
            .toList());
  }

  static <E> EngineSelection<E> select(
      String purpose, String wanted, Device device, List<Candidate<E>> candidates) {
    boolean auto = wanted.equalsIgnoreCase(AUTO);
    List<Candidate<E>> asked =
        candidates.stream()
            .filter(candidate -> auto || candidate.name().equalsIgnoreCase(wanted))
            .toList();
    if (asked.isEmpty()) {
      throw new EngineException(
          auto
              ? "No engine on the class path can " + purpose
              : "There is no engine '%s' to %s with on the class path, only %s"
                  .formatted(wanted, purpose, names(candidates)));
    }
    List<Usable<E>> usable = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Candidate<E> candidate : asked) {
      if (candidate.availability() instanceof Availability.Available available) {
        usable.add(new Usable<>(candidate, available));
      } else if (candidate.availability() instanceof Availability.Unavailable unavailable) {
        missing.add(candidate.name() + ": " + unavailable.missing());
      }
    }
    Usable<E> best =
        usable.stream()
            .max(Comparator.comparingInt(one -> one.available().speed()))
            .orElseThrow(
                () ->
                    new EngineException(
                        "Nothing can %s on %s. %s"
                            .formatted(purpose, device, String.join(" ", missing))));
    log.info(
        "Engine to {} with on {}: {} ({}), {}{}",
        purpose,
        device,
        best.candidate().name(),
        best.available().description(),
        auto ? "the fastest of " + names(asked) : "as asked for",
        missing.isEmpty() ? "" : "; not usable: " + String.join(" ", missing));
    return new EngineSelection<>(best.candidate().engine(), device, best.available().description());
  }

  private static String names(List<? extends Candidate<?>> candidates) {
    return candidates.isEmpty()
        ? "none"
        : String.join(", ", candidates.stream().map(Candidate::name).toList());
  }

  /** An engine that was found, and whether it can use the device. */
  record Candidate<E>(E engine, String name, Availability availability) {
    static <E> Candidate<E> of(
        E engine, String name, Function<Device, Availability> availability, Device device) {
      return new Candidate<>(engine, name, availability.apply(device));
    }
  }

  private record Usable<E>(Candidate<E> candidate, Availability.Available available) {}
}
