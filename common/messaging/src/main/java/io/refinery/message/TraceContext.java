package io.refinery.message;

import io.refinery.telemetry.Tracing;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Passes the W3C trace context of a message on to the messages that it causes. */
public final class TraceContext {

  /**
   * The longest values in bytes, from version 00 of the recommendation, with room for later
   * versions.
   */
  private static final Map<String, Integer> LONGEST =
      Map.of("traceparent", 128, "tracestate", 1_024);

  private TraceContext() {}

  /**
   * Adds the trace context of this thread's span to {@code to}, or that of {@code from} if the
   * thread has no span and it is valid.
   */
  public static void pass(Headers from, Headers to) {
    if (Tracing.inject(to)) {
      return;
    }
    LONGEST.forEach(
        (name, longest) -> {
          Header header = from.lastHeader(name);
          if (header != null && header.value() != null && header.value().length <= longest) {
            to.add(header);
          }
        });
  }
}
