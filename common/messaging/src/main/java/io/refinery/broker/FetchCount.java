package io.refinery.broker;

import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.Metric;

/** Tells by a client's own count whether it still fetches. Used by one thread at a time. */
final class FetchCount {

  private static final String NAME = "fetch-total";
  private static final String GROUP = "fetch-manager-metrics";

  /** One look may come shortly before a fetch ends. */
  private static final int LOOKS = 2;

  private double before = Double.NaN;
  private int unchanged;

  /** Forgets what was seen, since another poll begins. */
  void reset() {
    unchanged = 0;
  }

  /**
   * Returns whether the client has completed no fetch for several looks. To be called at intervals
   * longer than a fetch. A client that does not count its fetches never stops.
   */
  boolean hasStopped(ShareConsumer<?, ?> consumer) {
    double now = count(consumer);
    unchanged = now == before ? unchanged + 1 : 0;
    before = now;
    return unchanged >= LOOKS;
  }

  private static double count(ShareConsumer<?, ?> consumer) {
    return consumer.metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals(NAME))
        .filter(metric -> metric.metricName().group().endsWith(GROUP))
        .map(Metric::metricValue)
        .filter(Number.class::isInstance)
        .mapToDouble(value -> ((Number) value).doubleValue())
        .findFirst()
        .orElse(Double.NaN);
  }
}
