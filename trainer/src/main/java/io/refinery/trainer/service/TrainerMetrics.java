package io.refinery.trainer.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.refinery.broker.Backlog;
import io.refinery.delivery.ObservedWork;
import io.refinery.delivery.OutageMonitor;
import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;

/** A trainer's metrics and its current training. */
final class TrainerMetrics implements ObservedWork.Locks {

  private final MeterRegistry registry;
  private final Counter steps;
  private final Counter released;
  private final Counter renewed;
  private final Counter locksLost;
  private final AtomicLong lag = new AtomicLong();
  private volatile Optional<Instant> oldest = Optional.empty();
  private volatile Optional<TrainerHealth.Current> current = Optional.empty();

  TrainerMetrics(MeterRegistry registry) {
    this.registry = registry;
    steps =
        Counter.builder("refinery.training.steps")
            .description("Steps completed in all phases")
            .register(registry);
    Gauge.builder("refinery.trainings.running", () -> current.isPresent() ? 1 : 0)
        .description("Trainings that this trainer works on: 1 or 0")
        .register(registry);
    Gauge.builder("refinery.training.step", () -> step(TrainingUpdate.Step::number))
        .description("Steps completed in the current phase")
        .register(registry);
    Gauge.builder("refinery.training.phase.steps", () -> step(TrainingUpdate.Step::of))
        .description("Total steps of the current phase")
        .register(registry);
    Gauge.builder("refinery.trainings.lag", lag, AtomicLong::get)
        .description("Requests that no trainer of the group has finished; use this to scale")
        .register(registry);
    TimeGauge.builder("refinery.trainings.oldest", this::secondsOfOldest, TimeUnit.SECONDS)
        .description(
            "Age of the oldest request that no trainer of the group has finished; 0 if none")
        .register(registry);
    released =
        Counter.builder("refinery.trainings.released")
            .description("Deliveries released for another try")
            .register(registry);
    renewed =
        Counter.builder("refinery.locks.renewed")
            .description("Renewals of locks on requests; only with share groups")
            .register(registry);
    locksLost =
        Counter.builder("refinery.locks.lost")
            .description("Locks on requests that ran out or were refused; only with share groups")
            .register(registry);
  }

  private double secondsOfOldest() {
    return oldest
        .map(at -> Math.max(0, Duration.between(at, Instant.now()).toMillis() / 1e3))
        .orElse(0.0);
  }

  /** Registers what the trainer is, as labels of a gauge that is always 1. */
  void trainer(String name, String engine, String device) {
    Gauge.builder("refinery.trainer.info", () -> 1)
        .description("Always 1; the labels describe the trainer")
        .tags("trainer", name, "engine", engine, "device", device)
        .register(registry);
  }

  /** Registers the outages of broker and store. */
  void outages(OutageMonitor outages) {
    Gauge.builder("refinery.outage", () -> outages.isOutage() ? 1 : 0)
        .description("1 during an outage of broker or store, otherwise 0")
        .register(registry);
    FunctionCounter.builder("refinery.outages", outages, OutageMonitor::count)
        .description("Outages of broker or store that this trainer has met")
        .register(registry);
  }

  @Override
  public void renewed() {
    renewed.increment();
  }

  @Override
  public void lost() {
    locksLost.increment();
  }

  void givenBack() {
    released.increment();
  }

  private int step(ToIntFunction<TrainingUpdate.Step> number) {
    return current.flatMap(TrainerHealth.Current::step).map(number::applyAsInt).orElse(0);
  }

  Optional<TrainerHealth.Current> current() {
    return current;
  }

  void taken(String id, String model) {
    current = Optional.of(new TrainerHealth.Current(id, model, Optional.empty()));
  }

  void stepped(TrainingUpdate.Step step) {
    steps.increment();
    current =
        current.map(now -> new TrainerHealth.Current(now.id(), now.model(), Optional.of(step)));
  }

  void left() {
    current = Optional.empty();
  }

  void ended(State state) {
    registry.counter("refinery.trainings", "state", state.toString()).increment();
  }

  void waiting(Backlog requests) {
    lag.set(requests.records());
    oldest = requests.oldest();
  }
}
