package io.refinery.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.function.DoubleConsumer;

/** The registry of a service's metrics, with those of its JVM and its process. */
public final class ServiceMeters implements AutoCloseable {

  private static final double[] SHARES = {0.1, 0.25, 0.5, 0.75, 0.9, 1};

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  public ServiceMeters() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    collections.bindTo(registry);
    Gauge.builder("process.resident.memory", ResidentMemory::bytes)
        .baseUnit("bytes")
        .description("Memory of the process in RAM, native memory included; NaN if unknown")
        .register(registry);
  }

  public MeterRegistry registry() {
    return registry;
  }

  /**
   * Registers a histogram of shares between 0 and 1. Micrometer's own would round them to whole
   * numbers.
   *
   * @param name in the Prometheus form
   * @return receives each share
   */
  public DoubleConsumer shares(String name, String description) {
    Histogram histogram =
        Histogram.builder()
            .name(name)
            .help(description)
            .classicOnly()
            .withoutExemplars() // Micrometer leaves out what they need.
            .classicUpperBounds(SHARES)
            .register(registry.getPrometheusRegistry());
    return histogram::observe;
  }

  /** Returns all metrics in the Prometheus text format. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
