package io.refinery.console.config;

import java.util.Locale;

/** Yes, no, or left to the program. */
public enum BooleanOrAuto {
  AUTO,
  TRUE,
  FALSE;

  /** As it is written in settings. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
