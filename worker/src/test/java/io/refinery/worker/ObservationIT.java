package io.refinery.worker;

import static io.refinery.worker.WorkerFixture.PATIENCE;
import static io.refinery.worker.WorkerFixture.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.refinery.concurrent.Uninterruptibles;
import io.refinery.engine.EngineSelection;
import io.refinery.message.Job;
import io.refinery.message.JobResult;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelVersion;
import io.refinery.status.Status;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.StorageException;
import io.refinery.testkit.MetricFamilies;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import io.refinery.testkit.SwitchedStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Tests what a worker tells operators about itself and its jobs. */
@StackTest
class ObservationIT {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";

  private static final String BATCH = "Refining a batch";

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;

  ObservationIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() {
    fixture = new WorkerFixture(stack, folder);
  }

  @AfterEach
  void tidy() {
    GlobalOpenTelemetry.resetForTest();
    fixture.close();
  }

  @Test
  void aWorkerServesTheMetricsThatAreDocumentedAndNoOthers() throws Exception {
    ModelVersion version = fixture.publishStable(1);
    ObjectRef input = fixture.upload(fixture.bundle(20));
    try (Worker worker = fixture.start(fixture.config("worker"))) {
      fixture.success(fixture.submit("good", input, fixture.model));
      fixture.result(fixture.submit("bad", fixture.ref("bundles/nothing.h5"), fixture.model));
      WorkerFixture.awaitMetric(worker, "code=\"NO_SUCH_OBJECT\"");

      Map<String, String> documented =
          MetricFamilies.documented("Metrics of a worker", "Metrics of the process");
      String page = worker.metrics();
      assertThat(MetricFamilies.served(page, documented)).isEqualTo(documented);
      assertThat(page)
          .contains(
              "refinery_model_serving{channel=\"%s@stable\",version=\"%s\"} 1.0"
                  .formatted(fixture.model, version))
          // 20 images in batches of 8: one of them is half full.
          .contains("refinery_batch_fill_bucket{le=\"0.5\"} 1")
          .contains("refinery_batch_fill_count 3")
          .contains("refinery_stage_seconds_count{stage=\"refine\"} 3")
          .contains("refinery_stage_seconds_bucket{stage=\"refine\",le=\"60.0\"} 3")
          .contains("refinery_outage 0.0")
          .contains("refinery_engine_waiting 0.0");
    }
  }

  @Test
  void aJobsSpansBelongToItsTraceWhichItsResultCarriesOn() throws Exception {
    InMemorySpanExporter spans = record();
    ModelVersion version = fixture.publishStable(1);
    ObjectRef input = fixture.upload(fixture.bundle(20));
    try (Worker worker = fixture.start(fixture.config("worker"))) {
      Job job = new Job(fixture.jobId("traced"), input, ModelReference.parse(fixture.model));
      fixture.send(
          fixture.topics.jobs(),
          job.id(),
          job.toJson(),
          "traceparent",
          "00-" + TRACE + "-" + PARENT + "-01");
      JobResult.Succeeded result = fixture.success(job.id());
      await().atMost(PATIENCE).until(() -> named(spans, "process ").size() == 1);

      SpanData delivery = named(spans, "process ").get(0);
      assertThat(delivery.getName()).isEqualTo("process " + fixture.topics.jobs());
      assertThat(delivery.getParentSpanId()).isEqualTo(PARENT);
      assertThat(delivery.getAttributes().get(AttributeKey.stringKey("refinery.job")))
          .isEqualTo(job.id());
      assertThat(delivery.getAttributes().get(AttributeKey.stringKey("refinery.model")))
          .isEqualTo(version.toString());
      List<SpanData> stages =
          spans.getFinishedSpanItems().stream().filter(span -> span != delivery).toList();
      assertThat(stages)
          .extracting(SpanData::getName)
          .containsExactlyInAnyOrderElementsOf(result.stageSeconds().keySet());
      assertThat(stages)
          .allSatisfy(
              stage -> {
                assertThat(stage.getTraceId()).isEqualTo(TRACE);
                assertThat(stage.getParentSpanId()).isEqualTo(delivery.getSpanId());
              });
      assertThat(named(spans, "refine").get(0).getAttributes())
          .satisfies(
              refined ->
                  assertThat(refined.get(AttributeKey.longKey("refinery.times"))).isEqualTo(3));
      assertThat(header(fixture.first(fixture.topics.results(), job.id()).headers(), "traceparent"))
          .isEqualTo("00-" + TRACE + "-" + delivery.getSpanId() + "-01");
      assertThat(worker.live().status()).isEqualTo(Status.UP);
    }
  }

  @Test
  void everyLineOfAJobNamesItOnAllThreads() throws Exception {
    fixture.publishStable(1);
    ObjectRef input = fixture.upload(fixture.bundle(20));
    Logger own = (Logger) LoggerFactory.getLogger("io.refinery.worker");
    Level before = own.getLevel();
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    own.addAppender(lines);
    own.setLevel(Level.INFO);
    String job;
    try (Worker worker =
        fixture.start(fixture.config("w1"), HookedEngine.before(() -> own.info(BATCH)))) {
      job = fixture.submit("logged", input, fixture.model);
      fixture.success(job);
      assertThat(worker.name()).isEqualTo("w1");
    } finally {
      own.setLevel(before);
      own.detachAppender(lines);
    }
    List<ILoggingEvent> ofTheJob =
        List.copyOf(lines.list).stream()
            .filter(
                line ->
                    line.getFormattedMessage().contains(job)
                        || line.getFormattedMessage().equals(BATCH))
            .filter(line -> !line.getMDCPropertyMap().isEmpty())
            .toList();
    assertThat(ofTheJob)
        .extracting(ILoggingEvent::getFormattedMessage)
        .contains(BATCH)
        .anyMatch(line -> line.startsWith("Job " + job + " has ended"));
    assertThat(ofTheJob).extracting(ILoggingEvent::getThreadName).contains("refinery-engine");
    assertThat(ofTheJob.get(ofTheJob.size() - 1).getMDCPropertyMap())
        .isEqualTo(
            Map.of("worker", "w1", "job", job, "delivery", "1", "model", fixture.model + "@1"));
  }

  @Test
  void aWorkerIsReadyOnceItsModelIsLoadedAndNotDuringAnOutage() throws Exception {
    fixture.publishStable(1);
    SwitchedStorage store = new SwitchedStorage(fixture.storage);
    CountDownLatch loading = new CountDownLatch(1);
    HookedEngine engine = HookedEngine.before(() -> Uninterruptibles.uninterruptibly(loading));
    WorkerConfig config = warm(fixture.config("worker"), fixture.model + "@stable");
    try (Worker worker =
        Worker.start(
            config,
            store.storage(),
            new EngineSelection<>(engine, config.device(), config.precision(), engine.name()))) {
      assertThat(worker.ready().status()).isEqualTo(Status.DOWN);
      assertThat(worker.ready().reasons())
          .containsExactly(fixture.model + "@stable is not loaded yet.");
      loading.countDown();
      await().atMost(PATIENCE).until(() -> worker.ready().status() == Status.UP);
      assertThat(worker.ready().reasons()).isEmpty();

      store.off(StorageException.Kind.UNAVAILABLE);
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> worker.ready().status() == Status.DOWN);
      assertThat(worker.live().status()).isEqualTo(Status.UP);
      assertThat(worker.metrics()).contains("refinery_outage 1.0", "refinery_outages_total 1.0");
      store.on();
      await().atMost(PATIENCE).until(() -> worker.ready().status() == Status.UP);
    }
  }

  private static WorkerConfig warm(WorkerConfig config, String model) {
    return new WorkerConfig(
        config.name(),
        config.broker(),
        config.delivery(),
        config.timeLimits(),
        config.bucket(),
        config.allowedBuckets(),
        config.limits(),
        config.batchSize(),
        config.engine(),
        config.device(),
        config.precision(),
        config.engineOptions(),
        new WorkerConfig.Models(
            config.models().poll(),
            config.models().announcements(),
            config.models().kept(),
            config.models().trusted(),
            Set.of(ModelReference.parse(model))),
        config.workFolder(),
        config.status());
  }

  private static InMemorySpanExporter record() {
    InMemorySpanExporter spans = InMemorySpanExporter.create();
    GlobalOpenTelemetry.set(
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .build());
    return spans;
  }

  private static List<SpanData> named(InMemorySpanExporter spans, String prefix) {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getName().startsWith(prefix))
        .toList();
  }
}
