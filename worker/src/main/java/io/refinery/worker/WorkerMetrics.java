package io.refinery.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.refinery.broker.Backlog;
import io.refinery.broker.RecordCopy;
import io.refinery.delivery.Delivery;
import io.refinery.delivery.ObservedWork;
import io.refinery.delivery.OutageMonitor;
import io.refinery.message.JobResult;
import io.refinery.telemetry.ServiceMeters;
import io.refinery.worker.Stages.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A worker's metrics. The engine's utilisation is the rate of {@code
 * refinery_stage_seconds_sum{stage="refine"}}.
 */
final class WorkerMetrics implements ObservedWork.Locks {

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
  private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);
  private final Counter images;
  private final Counter released;
  private final Counter halved;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicLong lag = new AtomicLong();
  private final Timer attempts;
  private final DoubleConsumer fill;
  private final Counter retried;
  private final Counter renewed;
  private final Counter locksLost;
  private final MultiGauge serving;
  private volatile Optional<Instant> oldest = Optional.empty();

  WorkerMetrics(ServiceMeters meters) {
    this.registry = meters.registry();
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
    released =
        Counter.builder("refinery.jobs.released")
            .description("Deliveries released for another try")
            .register(registry);
    halved =
        Counter.builder("refinery.batches.halved")
            .description("Batches that did not fit into the device's memory")
            .register(registry);
    Gauge.builder("refinery.jobs.running", running, AtomicInteger::get)
        .description("Jobs that this worker holds")
        .register(registry);
    Gauge.builder("refinery.jobs.lag", lag, AtomicLong::get)
        .description("Jobs that no worker of the group has finished; use this to scale")
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
    renewed =
        Counter.builder("refinery.locks.renewed")
            .description("Renewals of locks on jobs; only with share groups")
            .register(registry);
    locksLost =
        Counter.builder("refinery.locks.lost")
            .description("Locks on jobs that ran out or were refused; only with share groups")
            .register(registry);
    TimeGauge.builder("refinery.jobs.oldest", this::secondsOfOldest, TimeUnit.SECONDS)
        .description("Age of the oldest job that no worker of the group has finished; 0 if none")
        .register(registry);
    serving =
        MultiGauge.builder("refinery.model.serving")
            .description("Always 1; the labels say which version a channel is served with")
            .register(registry);
  }

  private double secondsOfOldest() {
    return oldest
        .map(at -> Math.max(0, Duration.between(at, Instant.now()).toMillis() / 1e3))
        .orElse(0.0);
  }

  /** Registers what the worker is, as labels of a gauge that is always 1. */
  void worker(String name, String engine, String device) {
    Gauge.builder("refinery.worker.info", () -> 1)
        .description("Always 1; the labels describe the worker")
        .tags("worker", name, "engine", engine, "device", device)
        .register(registry);
  }

  /** Registers the outages of broker and store. */
  void outages(OutageMonitor outages) {
    gauge(
        "refinery.outage",
        "1 during an outage of broker or store, otherwise 0",
        () -> outages.isOutage() ? 1 : 0);
    FunctionCounter.builder("refinery.outages", outages, OutageMonitor::count)
        .description("Outages of broker or store that this worker has met")
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

  @Override
  public void renewed() {
    renewed.increment();
  }

  @Override
  public void lost() {
    locksLost.increment();
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

  void givenBack() {
    released.increment();
  }

  void halved() {
    halved.increment();
  }

  void ended(JobResult result) {
    String code = result instanceof JobResult.Failed failed ? failed.code().name() : "none";
    String status = result instanceof JobResult.Failed ? "failed" : "succeeded";
    registry.counter("refinery.jobs", "status", status, "code", code).increment();
  }

  void waiting(Backlog jobs) {
    lag.set(jobs.records());
    oldest = jobs.oldest();
  }
}
