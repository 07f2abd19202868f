package io.refinery.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.refinery.message.JobResult;
import io.refinery.worker.Stages.Stage;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A worker's metrics. The engine's utilisation is the rate of {@code
 * refinery_stage_seconds_sum{stage="refine"}}.
 */
final class WorkerMetrics {

  private final MeterRegistry registry;
  private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);
  private final Counter images;
  private final Counter released;
  private final Counter halved;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicLong lag = new AtomicLong();

  WorkerMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (Stage stage : Stage.values()) {
      stages.put(
          stage,
          Timer.builder("refinery.stage")
              .description(
                  "Working time of a stage; decode, refine and encode are recorded once per batch")
              .tag("stage", stage.label())
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
  }

  /** Registers a gauge of a value that is counted elsewhere. */
  void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  void worked(Stage stage, long nanos) {
    stages.get(stage).record(nanos, TimeUnit.NANOSECONDS);
  }

  void refined(long count) {
    images.increment((double) count);
  }

  void taken() {
    running.incrementAndGet();
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

  void lag(long jobs) {
    lag.set(jobs);
  }
}
