package io.refinery.console.doctor;

import java.util.ArrayList;
import java.util.List;

/**
 * What this machine can do.
 *
 * @param examined every engine on every device
 * @param choices what {@code auto} takes for every use on every device that was examined for it
 */
record Report(Machine machine, Gpus gpus, List<Examined> examined, List<Choice> choices) {

  Report {
    examined = List.copyOf(examined);
    choices = List.copyOf(choices);
  }

  /** A report whose choices follow from what was examined. */
  static Report of(Machine machine, Gpus gpus, List<Examined> examined) {
    List<Choice> choices = new ArrayList<>();
    for (String device : examined.stream().map(Examined::device).distinct().toList()) {
      for (Use use : Use.values()) {
        if (examined.stream().anyMatch(one -> one.isAbout(use, device))) {
          choices.add(Choice.between(examined, use, device));
        }
      }
    }
    return new Report(machine, gpus, examined, choices);
  }

  /** Whether something here can refine, and something can train. */
  boolean isSound() {
    return can(Use.REFINE) && can(Use.TRAIN);
  }

  private boolean can(Use use) {
    return choices.stream().anyMatch(choice -> choice.use() == use && choice.engine().isPresent());
  }
}
