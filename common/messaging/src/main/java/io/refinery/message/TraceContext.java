package io.refinery.message;

import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Passes the W3C trace context of a message on to the messages that it causes. */
public final class TraceContext {

  /** Longest values in bytes: version 00 of the recommendation, with room for later ones. */
  private static final Map<String, Integer> LONGEST =
      Map.of("traceparent", 128, "tracestate", 1_024);

  private TraceContext() {}

  /** Adds the trace context of {@code from}, where it has a valid one, to {@code to}. */
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
