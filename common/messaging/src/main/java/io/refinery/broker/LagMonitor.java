package io.refinery.broker;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every few seconds how many messages wait for a group. */
public final class LagMonitor implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LagMonitor.class);
  private static final long SECONDS = 15;

  private final BrokerCheck broker;
  private final LongConsumer lag;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "refinery-lag");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param broker asked on a thread of this watch
   * @param lag gets the number, as long as it can be had
   */
  public LagMonitor(BrokerCheck broker, LongConsumer lag) {
    this.broker = broker;
    this.lag = lag;
  }

  public LagMonitor start() {
    var unused = clock.scheduleWithFixedDelay(this::look, 0, SECONDS, TimeUnit.SECONDS);
    return this;
  }

  private void look() {
    try {
      lag.accept(broker.lag());
    } catch (ExecutionException | RuntimeException e) {
      log.debug("The lag is not known", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
