package io.refinery.console.doctor;

import io.refinery.console.doctor.Capability.Unusable;
import io.refinery.console.doctor.Capability.Usable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which engine {@code auto} takes, in a process that uses no other engine yet.
 *
 * @param engine empty where none can
 * @param others why each of the others is not taken, as sentences
 */
record EngineChoice(EngineUse use, String device, Optional<String> engine, List<String> others) {

  private record Candidate(String engine, Usable ability) {}

  EngineChoice {
    others = List.copyOf(others);
  }

  /** The choice between those that were examined on {@code device}. */
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
        .map(one -> "%s could, and is ranked slower.".formatted(one.engine()))
        .forEach(others::add);
    return new EngineChoice(
        use, device, usable.stream().findFirst().map(Candidate::engine), others);
  }
}
