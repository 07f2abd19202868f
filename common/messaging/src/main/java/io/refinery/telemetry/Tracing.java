package io.refinery.telemetry;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Spans of OpenTelemetry. They go to the process's global instance; without one, nothing is
 * recorded.
 */
public final class Tracing {

  private static final String SCOPE = "io.refinery";

  private static final TextMapGetter<Headers> HEADERS =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers headers) {
          return Arrays.stream(headers.toArray()).map(Header::key).toList();
        }

        @Override
        public String get(Headers headers, String name) {
          Header header = headers == null ? null : headers.lastHeader(name);
          return header == null || header.value() == null
              ? null
              : new String(header.value(), StandardCharsets.UTF_8);
        }
      };

  private Tracing() {}

  /** Returns whether spans are recorded. */
  public static boolean isOn() {
    return GlobalOpenTelemetry.isSet();
  }

  private static Tracer tracer() {
    return GlobalOpenTelemetry.getOrNoop().getTracer(SCOPE);
  }

  /**
   * Processes a message within a span, a child of the message's trace context. The span is current
   * on this thread meanwhile.
   */
  public static <T> T process(
      ConsumerRecord<?, ?> message, Map<String, String> attributes, Supplier<T> work) {
    if (!isOn()) {
      return work.get();
    }
    SpanBuilder builder =
        tracer()
            .spanBuilder("process " + message.topic())
            .setParent(
                W3CTraceContextPropagator.getInstance()
                    .extract(Context.root(), message.headers(), HEADERS))
            .setSpanKind(SpanKind.CONSUMER)
            .setAttribute("messaging.system", "kafka")
            .setAttribute("messaging.operation.type", "process")
            .setAttribute("messaging.destination.name", message.topic())
            .setAttribute(
                "messaging.destination.partition.id", Integer.toString(message.partition()))
            .setAttribute("messaging.kafka.offset", message.offset());
    attributes.forEach(builder::setAttribute);
    Span span = builder.startSpan();
    Scope scope = span.makeCurrent();
    try {
      return work.get();
    } finally {
      scope.close();
      span.end();
    }
  }

  /** Records a child of this thread's span that has already ended. */
  public static void record(
      String name,
      Instant start,
      Duration duration,
      Map<String, Number> attributes,
      Optional<Throwable> failure) {
    if (!isOn()) {
      return;
    }
    Span span = tracer().spanBuilder(name).setStartTimestamp(start).startSpan();
    attributes.forEach((key, value) -> set(span, key, value));
    failure.ifPresent(
        cause -> {
          span.recordException(cause);
          span.setStatus(StatusCode.ERROR, cause.toString());
        });
    span.end(start.plus(duration));
  }

  private static void set(Span span, String key, Number value) {
    if (value instanceof Double || value instanceof Float) {
      span.setAttribute(key, value.doubleValue());
    } else {
      span.setAttribute(key, value.longValue());
    }
  }

  /** Adds an attribute to this thread's span. */
  public static void describe(String key, String value) {
    Span.current().setAttribute(key, value);
  }

  /** Marks this thread's span as failed. */
  public static void fail(String sentence) {
    Span.current().setStatus(StatusCode.ERROR, sentence);
  }

  /**
   * Adds the trace context of this thread's span to a message's headers.
   *
   * @return false if the thread has no span
   */
  public static boolean inject(Headers to) {
    if (!Span.current().getSpanContext().isValid()) {
      return false;
    }
    W3CTraceContextPropagator.getInstance()
        .inject(
            Context.current(),
            to,
            (headers, name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
    return true;
  }
}
