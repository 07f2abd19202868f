package io.refinery.message;

import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Copies the W3C trace context of a message to the messages that it causes. */
public final class TraceContext {

  /**
   * The longest values in bytes, from version 00 of the recommendation, with room for later
   * versions.
   */
  private static final Map<String, Integer> LONGEST =
      Map.of("traceparent", 128, "tracestate", 1_024);

  private TraceContext() {}

  /** Adds the trace context of {@code from}, if it is valid, to {@code to}. */
  public static void pass(Headers from, Headers to) {
    LONGEST.forEach(
        (name, longest) -> {
          Header header = from.lastHeader(name);
          if (header != null && header.value() != null && header.value().length <= longest) {
            to.add(header);
          }
        });
  }
}
