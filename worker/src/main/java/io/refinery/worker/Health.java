package io.refinery.worker;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Map;

/**
 * How a worker is.
 *
 * @param engine runtime and version
 * @param serving which version each channel is served with
 * @param refused why versions are refused, by version
 */
public record Health(
    Status status,
    String worker,
    String engine,
    String device,
    Map<String, String> serving,
    Map<String, String> refused) {

  /** In one word. */
  public enum Status {
    UP,
    /** It works, but a version is refused: a channel may be served with an older one. */
    DEGRADED,
    /** It takes no jobs. */
    DOWN;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
