package io.refinery.broker;

import io.refinery.status.ServiceThread;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads regularly what a service's group has not finished. */
public final class LagMonitor implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LagMonitor.class);
  private static final Duration PERIOD = Duration.ofSeconds(15);

  private final BacklogReader reader;
  private final Function<BacklogReader, Backlog> backlog;
  private final Consumer<Backlog> listener;
  private final ServiceThread thread = new ServiceThread("refinery-lag", this::look);

  /**
   * @param reader used on this monitor's thread, and closed by this class
   * @param backlog reads the backlog
   * @param listener receives each backlog that could be read
   */
  public LagMonitor(
      BacklogReader reader, Function<BacklogReader, Backlog> backlog, Consumer<Backlog> listener) {
    this.reader = reader;
    this.backlog = backlog;
    this.listener = listener;
  }

  public LagMonitor start() {
    thread.start();
    return this;
  }

  private void look(ServiceThread self) throws InterruptedException {
    try {
      listener.accept(backlog.apply(reader));
    } catch (RuntimeException e) {
      log.debug("Cannot read the lag", e);
    }
    self.awaitStop(PERIOD);
  }

  @Override
  public void close() {
    thread.close();
    reader.close();
  }
}
