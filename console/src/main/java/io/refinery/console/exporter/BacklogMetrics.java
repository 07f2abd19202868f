package io.refinery.console.exporter;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.refinery.broker.Backlog;
import io.refinery.message.JobPriority;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The figures as metrics, NaN while there are none: an empty queue and an unknown one must not look
 * alike.
 */
final class BacklogMetrics {

  private final MeterRegistry registry;
  private final Supplier<Optional<BacklogReading>> reading;

  private BacklogMetrics(MeterRegistry registry, Supplier<Optional<BacklogReading>> reading) {
    this.registry = registry;
    this.reading = reading;
  }

  /** Registers the metrics of what {@code reading} returns. */
  static void register(MeterRegistry registry, Supplier<Optional<BacklogReading>> reading) {
    BacklogMetrics metrics = new BacklogMetrics(registry, reading);
    for (JobPriority priority : JobPriority.values()) {
      metrics.backlog("jobs", "worker", read -> read.jobs().get(priority), tags(priority));
    }
    metrics.backlog("trainings", "trainer", BacklogReading::trainings);
    metrics.gauge(
        "refinery.dead.letters",
        "Letters on the topic of dead letters",
        BacklogReading::deadLetters);
    Gauge.builder("refinery.outage", () -> reading.get().isPresent() ? 0 : 1)
        .description("1 while the broker cannot be read, otherwise 0")
        .register(registry);
  }

  private static String[] tags(JobPriority priority) {
    return new String[] {"priority", priority.name().toLowerCase(Locale.ROOT)};
  }

  private void backlog(
      String requests, String service, Function<BacklogReading, Backlog> of, String... tags) {
    gauge(
        "refinery." + requests + ".backlog",
        "Number of %s that no %s has finished, waiting or in hand".formatted(requests, service),
        read -> of.apply(read).records(),
        tags);
    gauge(
        "refinery." + requests + ".backlog.oldest.seconds",
        "Age of the oldest of these %s; 0 if there is none".formatted(requests),
        read -> BacklogReading.oldestSeconds(of.apply(read), Instant.now()),
        tags);
  }

  private void gauge(
      String name, String description, ToDoubleFunction<BacklogReading> value, String... tags) {
    Gauge.builder(
            name, () -> reading.get().map(read -> value.applyAsDouble(read)).orElse(Double.NaN))
        .description(description)
        .tags(tags)
        .register(registry);
  }
}
