package io.refinery.console.doctor;

import java.util.Optional;

/**
 * What was found about one engine on one device.
 *
 * @param device such as {@code cpu}
 * @param refining empty if not examined
 * @param training empty if not examined
 */
record ExaminationResult(
    String engine, String device, Optional<Capability> refining, Optional<Capability> training) {

  static ExaminationResult nothing(String engine, String device) {
    return new ExaminationResult(engine, device, Optional.empty(), Optional.empty());
  }

  Optional<Capability> to(EngineUse use) {
    return switch (use) {
      case REFINE -> refining;
      case TRAIN -> training;
    };
  }

  boolean isAbout(EngineUse use, String where) {
    return device.equals(where) && to(use).isPresent();
  }

  ExaminationResult with(EngineUse use, Capability ability) {
    return switch (use) {
      case REFINE -> new ExaminationResult(engine, device, Optional.of(ability), training);
      case TRAIN -> new ExaminationResult(engine, device, refining, Optional.of(ability));
    };
  }
}
