package io.refinery.message;

import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Hands the W3C trace context of a message on to those that follow from it. */
public final class TraceContext {

  private static final List<String> CONTEXT = List.of("traceparent", "tracestate");

  private TraceContext() {}

  /** Adds the trace context of {@code from}, where it has one, to {@code to}. */
  public static void pass(Headers from, Headers to) {
    for (String name : CONTEXT) {
      Header header = from.lastHeader(name);
      if (header != null) {
        to.add(header);
      }
    }
  }
}
