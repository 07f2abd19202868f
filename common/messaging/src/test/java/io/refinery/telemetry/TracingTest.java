package io.refinery.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.refinery.broker.RecordProcessor.Work;
import io.refinery.delivery.Delivery;
import io.refinery.delivery.ObservedWork;
import io.refinery.message.Job;
import io.refinery.message.TraceContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class TracingTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();

  @BeforeEach
  @AfterEach
  void off() {
    GlobalOpenTelemetry.resetForTest();
  }

  private void on() {
    GlobalOpenTelemetry.set(
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .build());
  }

  @Test
  void aDeliveryIsAChildOfItsMessagesTraceAndItsAnswersCarryOnTheTrace() {
    on();
    Headers answer = new RecordHeaders();
    AcknowledgeType type =
        work(message -> {
              Tracing.record(
                  "fetch",
                  Instant.ofEpochSecond(1),
                  Duration.ofSeconds(2),
                  Map.of("refinery.batches", 3, "refinery.seconds", 0.5),
                  Optional.of(new IllegalStateException("torn")));
              Tracing.fail("NO_SUCH_OBJECT");
              TraceContext.pass(message.headers(), answer);
              return AcknowledgeType.ACCEPT;
            })
            .run(message());
    assertThat(type).isEqualTo(AcknowledgeType.ACCEPT);
    List<SpanData> ended = spans.getFinishedSpanItems();
    assertThat(ended).hasSize(2);
    SpanData fetch = ended.get(0);
    SpanData delivery = ended.get(1);
    assertThat(delivery.getName()).isEqualTo("process jobs");
    assertThat(delivery.getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(delivery.getTraceId()).isEqualTo(TRACE);
    assertThat(delivery.getParentSpanId()).isEqualTo(PARENT);
    assertThat(delivery.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(attribute(delivery, "refinery.job")).isEqualTo("j1");
    assertThat(attribute(delivery, "refinery.worker")).isEqualTo("w1");
    assertThat(attribute(delivery, "refinery.acknowledgement")).isEqualTo("accept");
    assertThat(fetch.getParentSpanId()).isEqualTo(delivery.getSpanId());
    assertThat(fetch.getEndEpochNanos() - fetch.getStartEpochNanos()).isEqualTo(2_000_000_000L);
    assertThat(fetch.getAttributes().get(AttributeKey.longKey("refinery.batches"))).isEqualTo(3);
    assertThat(fetch.getEvents()).hasSize(1);
    assertThat(text(answer, "traceparent"))
        .isEqualTo("00-" + TRACE + "-" + delivery.getSpanId() + "-01");
    assertThat(text(answer, "tracestate")).isEqualTo("vendor=1");
  }

  @Test
  void withoutATracerTheTraceIsOnlyPassedOn() {
    Headers answer = new RecordHeaders();
    var unused =
        work(message -> {
              TraceContext.pass(message.headers(), answer);
              return AcknowledgeType.ACCEPT;
            })
            .run(message());
    assertThat(Tracing.isOn()).isFalse();
    assertThat(text(answer, "traceparent")).isEqualTo("00-" + TRACE + "-" + PARENT + "-01");
    assertThat(spans.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void aMessageWithoutATraceBeginsOne() {
    on();
    ConsumerRecord<String, byte[]> message = message();
    message.headers().remove("traceparent");
    var unused = work(taken -> AcknowledgeType.RELEASE).run(message);
    SpanData delivery = spans.getFinishedSpanItems().get(0);
    assertThat(delivery.getParentSpanContext().isValid()).isFalse();
    assertThat(attribute(delivery, "refinery.acknowledgement")).isEqualTo("release");
  }

  @Test
  void theLogLinesOfADeliveryNameItsJob() {
    Map<String, String> labels = new HashMap<>();
    var unused =
        work(message -> {
              labels.putAll(MDC.getCopyOfContextMap());
              return AcknowledgeType.ACCEPT;
            })
            .run(message());
    assertThat(labels).isEqualTo(Map.of("worker", "w1", "job", "j1", LogLabels.DELIVERY, "1"));
    assertThat(MDC.get("job")).isNull();
  }

  private static ObservedWork<Job> work(
      Function<ConsumerRecord<String, byte[]>, AcknowledgeType> run) {
    return new ObservedWork<>(
        new ObservedWork.Names("worker", "w1", "job"),
        message -> Delivery.of(message, "job", Job::read, Job::id),
        new Work() {
          @Override
          public AcknowledgeType run(ConsumerRecord<String, byte[]> record) {
            return run.apply(record);
          }

          @Override
          public AcknowledgeType decline(ConsumerRecord<String, byte[]> record) {
            return AcknowledgeType.RELEASE;
          }
        },
        new ObservedWork.Locks() {
          @Override
          public void renewed() {}

          @Override
          public void lost() {}
        });
  }

  private static ConsumerRecord<String, byte[]> message() {
    byte[] job =
        """
        {"id":"j1","input":"s3://refinery/bundles/a.h5","model":"eyes@stable"}"""
            .getBytes(StandardCharsets.UTF_8);
    ConsumerRecord<String, byte[]> message = new ConsumerRecord<>("jobs", 0, 7, "j1", job);
    message
        .headers()
        .add("traceparent", ("00-" + TRACE + "-" + PARENT + "-01").getBytes(StandardCharsets.UTF_8))
        .add("tracestate", "vendor=1".getBytes(StandardCharsets.UTF_8));
    return message;
  }

  private static String attribute(SpanData span, String name) {
    return span.getAttributes().get(AttributeKey.stringKey(name));
  }

  private static String text(Headers headers, String name) {
    return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
