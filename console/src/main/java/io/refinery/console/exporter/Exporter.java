package io.refinery.console.exporter;

import io.refinery.broker.BacklogReader;
import io.refinery.broker.BrokerException;
import io.refinery.concurrent.Closer;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.config.Settings;
import io.refinery.console.connection.BrokerConnection;
import io.refinery.status.Health;
import io.refinery.status.Probe;
import io.refinery.status.ServiceThread;
import io.refinery.status.Status;
import io.refinery.status.StatusPages;
import io.refinery.status.StatusServer;
import io.refinery.telemetry.ServiceMeters;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running exporter. It reads the broker periodically, and serves the figures of the last reading
 * while that has succeeded; otherwise it says that there are none.
 */
public final class Exporter implements AutoCloseable {

  /** Where the figures are served as JSON. */
  static final String FIGURES = "/api/backlog";

  private static final Logger log = LoggerFactory.getLogger(Exporter.class);

  /** Longer than any reading takes: each of its requests gives up after 10 s. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Settings settings;
  private final Closer closer = new Closer();
  private final ServiceMeters meters = new ServiceMeters();
  private final BacklogReader reader;
  private final ServiceThread thread = new ServiceThread("refinery-exporter", this::read);
  private final StatusServer server;
  private Optional<BacklogReading> reading = Optional.empty();
  private Optional<String> obstacle = Optional.of("The broker has not been read yet.");

  /**
   * Starts an exporter, whether or not the broker answers.
   *
   * @throws ConfigurationException naming the setting that is missing or invalid
   * @throws java.io.UncheckedIOException when the address and port cannot be bound
   */
  public static Exporter start(Settings settings) {
    return new Exporter(settings);
  }

  private Exporter(Settings settings) {
    this.settings = settings;
    InetSocketAddress address = address(settings.exporter());
    closer.add(meters);
    try {
      reader = closer.add(BrokerConnection.backlog(settings, "refinery-exporter"));
      BacklogMetrics.register(meters.registry(), this::reading);
      server =
          closer.add(
              new StatusServer(
                  address,
                  new StatusPages(
                      meters::scrape,
                      this::figures,
                      this::live,
                      this::ready,
                      Map.of(FIGURES, this::figures))));
      closer.add(thread.start());
    } catch (RuntimeException | Error e) {
      closer.close();
      throw e;
    }
  }

  private static InetSocketAddress address(Settings.Exporter exporter) {
    if (exporter.interval().isNegative() || exporter.interval().isZero()) {
      throw new ConfigurationException(
          "refinery.exporter.interval must be more than zero, not " + exporter.interval());
    }
    try {
      InetSocketAddress anyPort = new InetSocketAddress(exporter.statusAddress(), 0);
      if (exporter.statusPort() == 0 && !anyPort.isUnresolved()) {
        return anyPort;
      }
      return StatusServer.address(exporter.statusAddress(), exporter.statusPort())
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "status-address '%s' is not a known address"
                          .formatted(exporter.statusAddress())));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("refinery.exporter: " + e.getMessage(), e);
    }
  }

  private void read(ServiceThread self) throws InterruptedException {
    try {
      BacklogReading read =
          new BacklogReading(
              Instant.now(),
              reader.jobs(settings.worker().group()),
              reader.trainings(settings.trainer().group()),
              reader.deadLetters());
      set(Optional.of(read), Optional.empty());
    } catch (BrokerException e) {
      set(Optional.empty(), Optional.of(e.getMessage()));
      log.debug("Cannot read the broker", e);
    } catch (RuntimeException | Error e) {
      set(Optional.empty(), Optional.of("Reading the broker failed; see the log."));
      throw e;
    }
    self.awaitStop(settings.exporter().interval());
  }

  private synchronized void set(Optional<BacklogReading> now, Optional<String> why) {
    if (why.isPresent() && !why.equals(obstacle)) {
      log.warn("No figures can be served: {}", why.get());
    } else if (why.isEmpty() && obstacle.isPresent()) {
      log.info("The broker can be read");
    }
    reading = now;
    obstacle = why;
  }

  /** Returns the last reading; empty if it failed, or is so old that its thread must hang. */
  private synchronized Optional<BacklogReading> reading() {
    Duration oldest = settings.exporter().interval().plus(PATIENCE);
    return reading.filter(read -> read.at().plus(oldest).isAfter(Instant.now()));
  }

  private Health figures() {
    return reading()
        .<Health>map(read -> BacklogPage.of(read, Instant.now()))
        .orElseGet(this::ready);
  }

  private Probe live() {
    return Probe.of(
        thread.isAlive() ? List.of() : List.of("The thread that reads the broker has ended."));
  }

  private synchronized Probe ready() {
    Optional<BacklogReading> read = reading();
    if (read.isEmpty()) {
      return Probe.of(
          List.of(obstacle.orElse("The broker does not answer, and no request ends either.")));
    }
    return new Probe(
        Status.UP,
        read.get().lacksAge()
            ? List.of(
                "The age of the oldest message cannot be read: allow this client the operation Read"
                    + " on the topics of jobs and trainings.")
            : List.of());
  }

  /** Returns the port that it serves on. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    closer.close();
  }
}
