package io.refinery.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.refinery.broker.Backlog;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What is measured of any service's requests: those that wait, locks, releases and outages. */
public final class DeliveryMetrics implements ObservedWork.Locks {

  private final MeterRegistry registry;
  private final String service;
  private final Counter released;
  private final Counter renewed;
  private final Counter locksLost;
  private final AtomicLong lag = new AtomicLong();
  private volatile Optional<Instant> oldest = Optional.empty();

  /**
   * @param service the kind of service, such as {@code worker}
   * @param requests what it takes, such as {@code jobs}
   */
  public DeliveryMetrics(MeterRegistry registry, String service, String requests) {
    this.registry = registry;
    this.service = service;
    Gauge.builder("refinery." + requests + ".lag", lag, AtomicLong::get)
        .description(
            "Number of %s that no %s of the group has finished; use this to scale"
                .formatted(requests, service))
        .register(registry);
    TimeGauge.builder("refinery." + requests + ".oldest", this::secondsOfOldest, TimeUnit.SECONDS)
        .description(
            "Age of the oldest of the %s that no %s of the group has finished; 0 if none"
                .formatted(requests, service))
        .register(registry);
    released = counter("refinery." + requests + ".released", "Deliveries released for another try");
    renewed =
        counter(
            "refinery.locks.renewed",
            "Renewals of locks on " + requests + "; only with share groups");
    locksLost =
        counter(
            "refinery.locks.lost",
            "Locks on " + requests + " that ran out or were refused; only with share groups");
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private double secondsOfOldest() {
    return oldest
        .map(at -> Math.max(0, Duration.between(at, Instant.now()).toMillis() / 1e3))
        .orElse(0.0);
  }

  /** Registers what the service is, as labels of a gauge that is always 1. */
  public void describe(String name, String engine, String device) {
    Gauge.builder("refinery." + service + ".info", () -> 1)
        .description("Always 1; the labels describe the " + service)
        .tags(service, name, "engine", engine, "device", device)
        .register(registry);
  }

  /** Registers the outages of broker and store. */
  public void outages(OutageMonitor outages) {
    Gauge.builder("refinery.outage", () -> outages.isOutage() ? 1 : 0)
        .description("1 during an outage of broker or store, otherwise 0")
        .register(registry);
    FunctionCounter.builder("refinery.outages", outages, OutageMonitor::count)
        .description("Outages of broker or store that this " + service + " has met")
        .register(registry);
  }

  /** Replaces what waits. */
  public void waiting(Backlog requests) {
    lag.set(requests.records());
    oldest = requests.oldest();
  }

  /** Counts a delivery that was given back. */
  public void givenBack() {
    released.increment();
  }

  @Override
  public void renewed() {
    renewed.increment();
  }

  @Override
  public void lost() {
    locksLost.increment();
  }
}
