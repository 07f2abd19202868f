package io.refinery.status;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The status of a service. */
public enum Status {
  UP,
  /** The service works, but some of what it is configured to use is unavailable. */
  DEGRADED,
  /** The service takes no requests. */
  DOWN;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
