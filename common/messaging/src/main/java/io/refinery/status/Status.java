package io.refinery.status;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a service is, in one word. */
public enum Status {
  UP,
  /** It works, but not with everything that it was told to work with. */
  DEGRADED,
  /** It takes nothing to do. */
  DOWN;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
