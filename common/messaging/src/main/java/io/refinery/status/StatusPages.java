package io.refinery.status;

import java.util.Map;
import java.util.function.Supplier;

/**
 * What a {@link StatusServer} serves.
 *
 * @param metrics text in the Prometheus format
 * @param health what the service does, and how it is
 * @param live whether the process works; one that does not must be restarted
 * @param ready whether the service can take requests now
 * @param more further pages of the service by their paths, served as {@code /health} is
 */
public record StatusPages(
    Supplier<String> metrics,
    Supplier<? extends Health> health,
    Supplier<Probe> live,
    Supplier<Probe> ready,
    Map<String, Supplier<? extends Health>> more) {

  public StatusPages {
    more = Map.copyOf(more);
  }

  /** Pages of a service that has no others. */
  public StatusPages(
      Supplier<String> metrics,
      Supplier<? extends Health> health,
      Supplier<Probe> live,
      Supplier<Probe> ready) {
    this(metrics, health, live, ready, Map.of());
  }
}
