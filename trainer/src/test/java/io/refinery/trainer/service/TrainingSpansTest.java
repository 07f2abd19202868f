package io.refinery.trainer.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.telemetry.Tracing;
import io.refinery.trainer.event.TrainingEvent;
import io.refinery.trainer.event.TrainingEvent.DiscriminatorPretrained;
import io.refinery.trainer.event.TrainingEvent.Evaluating;
import io.refinery.trainer.event.TrainingEvent.RefinerPretrained;
import io.refinery.trainer.event.TrainingEvent.Started;
import io.refinery.trainer.plan.Preset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrainingSpansTest {

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();

  @BeforeEach
  void record() {
    GlobalOpenTelemetry.resetForTest();
    GlobalOpenTelemetry.set(
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .build());
  }

  @AfterEach
  void off() {
    GlobalOpenTelemetry.resetForTest();
  }

  @Test
  void eachPhaseIsASpanOfTheDelivery() {
    List<TrainingEvent> events =
        List.of(
            new Started(Preset.EYES_SIMULATED.plan(), "fake", "cpu"),
            new RefinerPretrained(1, 2, 0.5),
            new RefinerPretrained(2, 2, 0.4),
            new DiscriminatorPretrained(1, 1, new DiscriminatorLoss(1, 0.5, 0.5)),
            new Evaluating());
    List<TrainingEvent> passed = new ArrayList<>();
    boolean done =
        Tracing.process(
            new ConsumerRecord<>("refinery.trainings", 0, 1, "k", new byte[0]),
            Map.of(),
            () -> {
              try (TrainingSpans phases = new TrainingSpans(passed::add)) {
                events.forEach(phases);
              }
              return true;
            });
    assertThat(done).isTrue();
    assertThat(passed).isEqualTo(events);
    List<SpanData> ended = spans.getFinishedSpanItems();
    assertThat(ended)
        .extracting(SpanData::getName)
        .containsExactly(
            "prepare",
            "refiner-pretraining",
            "discriminator-pretraining",
            "evaluate",
            "process refinery.trainings");
    assertThat(ended)
        .extracting(span -> span.getAttributes().get(AttributeKey.longKey("refinery.steps")))
        .containsExactly(0L, 2L, 1L, 0L, null);
    String delivery = ended.get(4).getSpanId();
    assertThat(ended.subList(0, 4)).allMatch(span -> span.getParentSpanId().equals(delivery));
  }
}
