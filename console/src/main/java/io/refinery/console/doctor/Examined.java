package io.refinery.console.doctor;

import java.util.Optional;

/**
 * What was found of one engine on one device.
 *
 * @param device such as {@code cpu}
 * @param refining empty where nobody asked
 * @param training empty where nobody asked
 */
record Examined(
    String engine, String device, Optional<Ability> refining, Optional<Ability> training) {

  static Examined nothing(String engine, String device) {
    return new Examined(engine, device, Optional.empty(), Optional.empty());
  }

  Optional<Ability> to(Use use) {
    return switch (use) {
      case REFINE -> refining;
      case TRAIN -> training;
    };
  }

  boolean isAbout(Use use, String where) {
    return device.equals(where) && to(use).isPresent();
  }

  Examined with(Use use, Ability ability) {
    return switch (use) {
      case REFINE -> new Examined(engine, device, Optional.of(ability), training);
      case TRAIN -> new Examined(engine, device, refining, Optional.of(ability));
    };
  }
}
