package io.refinery.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.refinery.broker.RecordCopy;
import io.refinery.delivery.Delivery;
import io.refinery.delivery.DeliveryMetrics;
import io.refinery.message.JobResult;
import io.refinery.telemetry.ServiceMeters;
import io.refinery.worker.Stages.Stage;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A worker's metrics. The engine's utilisation is the rate of {@code
 * refinery_stage_seconds_sum{stage="refine"}}.
 */
final class WorkerMetrics {

  /** From a batch of a few images to the largest bundles. */
  private static final Duration[] BUCKETS =
      Stream.of(1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  /** Jobs take longer than their stages. */
  private static final Duration[] JOB_BUCKETS =
      Stream.of(100, 500, 1_000, 5_000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final DeliveryMetrics deliveries;
  private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);
  private final Counter images;
  private final Counter halved;
  private final AtomicInteger running = new AtomicInteger();
  private final Timer attempts;
  private final DoubleConsumer fill;
  private final Counter retried;
  private final MultiGauge serving;

  WorkerMetrics(ServiceMeters meters) {
    this.registry = meters.registry();
    this.deliveries = new DeliveryMetrics(registry, "worker", "jobs");
    for (Stage stage : Stage.values()) {
      stages.put(
          stage,
          Timer.builder("refinery.stage")
              .description(
                  "Working time of a stage; decode, refine and encode are recorded once per batch")
              .tag("stage", stage.label())
              .serviceLevelObjectives(BUCKETS)
              .register(registry));
    }
    images = Counter.builder("refinery.images").description("Images refined").register(registry);
    halved =
        Counter.builder("refinery.batches.halved")
            .description("Batches that did not fit into the device's memory")
            .register(registry);
    Gauge.builder("refinery.jobs.running", running, AtomicInteger::get)
        .description("Jobs that this worker holds")
        .register(registry);
    attempts =
        Timer.builder("refinery.job")
            .description("Time of an attempt at a job, from its model to its stored bundle")
            .serviceLevelObjectives(JOB_BUCKETS)
            .register(registry);
    fill =
        meters.shares(
            "refinery_batch_fill", "Images of a batch, divided by the batch size of its job");
    retried =
        Counter.builder("refinery.jobs.retried")
            .description("Deliveries of jobs that had been delivered before")
            .register(registry);
    serving =
        MultiGauge.builder("refinery.model.serving")
            .description("Always 1; the labels say which version a channel is served with")
            .register(registry);
  }

  /** Replaces what channels are served with. */
  void serving(Map<String, String> versions) {
    serving.register(
        versions.entrySet().stream()
            .<MultiGauge.Row<?>>map(
                one ->
                    MultiGauge.Row.of(
                        Tags.of("channel", one.getKey(), "version", one.getValue()), 1))
            .toList(),
        true);
  }

  void attempted(long nanos) {
    attempts.record(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * @param count images of a batch
   * @param size the job's batch size
   */
  void batch(int count, int size) {
    fill.accept((double) count / size);
    images.increment(count);
  }

  /** Registers a gauge of a value that is counted elsewhere. */
  void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  void worked(Stage stage, long nanos) {
    stages.get(stage).record(nanos, TimeUnit.NANOSECONDS);
  }

  void taken(Delivery<?> delivery) {
    running.incrementAndGet();
    if (delivery.count() > 1 || RecordCopy.failedTries(delivery.message()) > 0) {
      retried.increment();
    }
  }

  void left() {
    running.decrementAndGet();
  }

  void halved() {
    halved.increment();
  }

  void ended(JobResult result) {
    String code = result instanceof JobResult.Failed failed ? failed.code().name() : "none";
    String status = result instanceof JobResult.Failed ? "failed" : "succeeded";
    registry.counter("refinery.jobs", "status", status, "code", code).increment();
  }

  /** What is measured of any service. */
  DeliveryMetrics deliveries() {
    return deliveries;
  }
}
