package io.refinery.console.cli;

import io.refinery.engine.DeviceFailedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for Ctrl-C or a termination signal, and keeps the process alive until everything opened
 * after it is closed. Open it first, so that it closes last.
 */
public final class Termination implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Termination.class);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  private Termination() {}

  /** Makes signals end {@link #await()} instead of the process from now on. */
  public static Termination expect() {
    Termination termination = new Termination();
    Runtime.getRuntime().addShutdownHook(new Thread(termination::hold, "refinery-end"));
    return termination;
  }

  /** Runs as a shutdown hook: the JVM exits only after its hooks have returned. */
  private void hold() {
    ask();
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("Interrupted before everything was closed");
    }
  }

  /**
   * Waits for a signal or for the loss of a device.
   *
   * @throws DeviceFailedException if the device is lost
   */
  public void await(CompletableFuture<DeviceFailedException> deviceLost)
      throws InterruptedException {
    askAfter(deviceLost);
    await();
    if (deviceLost.isDone()) {
      throw deviceLost.join();
    }
  }

  /**
   * Ends {@link #await()} as a signal would once {@code event} is done; the waiting thread then
   * sees that it is done.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // It may complete after the waiting thread wakes.
  public void askAfter(CompletableFuture<?> event) {
    event.thenRun(this::ask);
  }

  /** Ends {@link #await()} as a signal would. */
  public void ask() {
    asked.countDown();
  }

  /** Returns whether termination was requested. */
  public boolean asked() {
    return asked.getCount() == 0;
  }

  /** Blocks until termination is requested. */
  public void await() throws InterruptedException {
    asked.await();
  }

  /** Lets a signal end the process at once from now on: nothing is left to close. */
  public void release() {
    closed.countDown();
  }

  @Override
  public void close() {
    release();
  }
}
