package io.refinery.broker;

import io.refinery.status.ServiceThread;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Periodically reads how many messages wait for a group. */
public final class LagMonitor implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LagMonitor.class);
  private static final Duration PERIOD = Duration.ofSeconds(15);

  private final BrokerCheck broker;
  private final LongConsumer lag;
  private final ServiceThread thread = new ServiceThread("refinery-lag", this::look);

  /**
   * @param broker queried on this monitor's thread
   * @param lag receives each number that could be read
   */
  public LagMonitor(BrokerCheck broker, LongConsumer lag) {
    this.broker = broker;
    this.lag = lag;
  }

  public LagMonitor start() {
    thread.start();
    return this;
  }

  private void look(ServiceThread self) throws InterruptedException {
    try {
      lag.accept(broker.lag());
    } catch (ExecutionException | RuntimeException e) {
      log.debug("Cannot read the lag", e);
    }
    self.awaitStop(PERIOD);
  }

  @Override
  public void close() {
    thread.close();
  }
}
