package io.refinery.broker;

import io.refinery.status.ServiceThread;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Periodically reads how many messages wait for a group, and since when. */
public final class LagMonitor implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LagMonitor.class);
  private static final Duration PERIOD = Duration.ofSeconds(15);

  private final BrokerCheck broker;
  private final OldestRecord oldest;
  private final Consumer<Backlog> listener;
  private final ServiceThread thread = new ServiceThread("refinery-lag", this::look);

  /**
   * @param broker queried on this monitor's thread
   * @param clients create the consumer that reads the oldest message
   * @param listener receives each backlog that could be read
   */
  public LagMonitor(BrokerCheck broker, KafkaClients clients, Consumer<Backlog> listener) {
    this.broker = broker;
    this.oldest = new OldestRecord(clients::reader);
    this.listener = listener;
  }

  public LagMonitor start() {
    thread.start();
    return this;
  }

  private void look(ServiceThread self) throws InterruptedException {
    try {
      OpenRecords open = broker.open();
      listener.accept(new Backlog(open.count(), oldest(open)));
    } catch (ExecutionException | RuntimeException e) {
      log.debug("Cannot read the lag", e);
    }
    self.awaitStop(PERIOD);
  }

  private Optional<Instant> oldest(OpenRecords open) {
    try {
      return oldest.at(open.firsts());
    } catch (KafkaException e) {
      log.debug("Cannot read the oldest message", e);
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    thread.close();
    oldest.close();
  }
}
