package io.refinery.trainer.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.refinery.delivery.DeliveryMetrics;
import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/** A trainer's metrics and its current training. */
final class TrainerMetrics {

  private final MeterRegistry registry;
  private final DeliveryMetrics deliveries;
  private final Counter steps;
  private final Set<String> losses = ConcurrentHashMap.newKeySet();
  private volatile Optional<TrainerHealth.Current> current = Optional.empty();

  TrainerMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.deliveries = new DeliveryMetrics(registry, "trainer", "trainings");
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
  }

  /** What is measured of any service. */
  DeliveryMetrics deliveries() {
    return deliveries;
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
    step.losses().keySet().stream().filter(losses::add).forEach(this::registerLoss);
  }

  private void registerLoss(String name) {
    Gauge.builder("refinery.training.loss", () -> loss(name))
        .description("Loss of the last completed step; NaN if none has it or no training runs")
        .tag("loss", name)
        .register(registry);
  }

  private double loss(String name) {
    return current
        .flatMap(TrainerHealth.Current::step)
        .map(step -> step.losses().get(name))
        .orElse(Double.NaN);
  }

  void left() {
    current = Optional.empty();
  }

  void ended(State state) {
    registry.counter("refinery.trainings", "state", state.toString()).increment();
  }
}
