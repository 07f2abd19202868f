package io.refinery.console.doctor;

import java.util.ArrayList;
import java.util.List;

/**
 * What this machine can refine and train with.
 *
 * @param examined the results for every engine on every device
 * @param choices what {@code auto} picks for each use on each device examined for it
 */
record DoctorReport(
    Machine machine, Gpus gpus, List<ExaminationResult> examined, List<EngineChoice> choices) {

  DoctorReport {
    examined = List.copyOf(examined);
    choices = List.copyOf(choices);
  }

  /** Returns a report with the choices that follow from the results. */
  static DoctorReport of(Machine machine, Gpus gpus, List<ExaminationResult> examined) {
    List<EngineChoice> choices = new ArrayList<>();
    for (String device : examined.stream().map(ExaminationResult::device).distinct().toList()) {
      for (EngineUse use : EngineUse.values()) {
        if (examined.stream().anyMatch(one -> one.isAbout(use, device))) {
          choices.add(EngineChoice.between(examined, use, device));
        }
      }
    }
    return new DoctorReport(machine, gpus, examined, choices);
  }

  /** Returns whether at least one engine can refine and at least one can train. */
  boolean isSound() {
    return can(EngineUse.REFINE) && can(EngineUse.TRAIN);
  }

  private boolean can(EngineUse use) {
    return choices.stream().anyMatch(choice -> choice.use() == use && choice.engine().isPresent());
  }
}
