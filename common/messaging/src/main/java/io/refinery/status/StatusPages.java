package io.refinery.status;

import java.util.function.Supplier;

/**
 * What a {@link StatusServer} serves.
 *
 * @param metrics text in the Prometheus format
 * @param health what the service does, and how it is
 * @param live whether the process works; one that does not must be restarted
 * @param ready whether the service can take requests now
 */
public record StatusPages(
    Supplier<String> metrics,
    Supplier<? extends Health> health,
    Supplier<Probe> live,
    Supplier<Probe> ready) {}
