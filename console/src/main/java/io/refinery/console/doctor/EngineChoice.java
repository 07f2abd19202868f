package io.refinery.console.doctor;

import io.refinery.console.doctor.Capability.Unusable;
import io.refinery.console.doctor.Capability.Usable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which engine {@code auto} picks in a process that has not loaded another engine.
 *
 * @param engine empty if none can be used
 * @param others why each of the others is not picked, as sentences
 */
record EngineChoice(EngineUse use, String device, Optional<String> engine, List<String> others) {

  private record Candidate(String engine, Usable ability) {}

  EngineChoice {
    others = List.copyOf(others);
  }

  /** Returns the choice among the engines examined on {@code device}. */
  static EngineChoice between(List<ExaminationResult> examined, EngineUse use, String device) {
    List<Candidate> usable = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (ExaminationResult one : examined) {
      Optional<Capability> ability = one.device().equals(device) ? one.to(use) : Optional.empty();
      if (ability.orElse(null) instanceof Usable can) {
        usable.add(new Candidate(one.engine(), can));
      } else if (ability.orElse(null) instanceof Unusable cannot) {
        others.add(one.engine() + " cannot: " + cannot.missing());
      }
    }
    usable.sort(Comparator.comparingInt((Candidate one) -> one.ability().rank()).reversed());
    usable.stream()
        .skip(1)
        .map(one -> "%s also works but is ranked slower.".formatted(one.engine()))
        .forEach(others::add);
    return new EngineChoice(
        use, device, usable.stream().findFirst().map(Candidate::engine), others);
  }
}
