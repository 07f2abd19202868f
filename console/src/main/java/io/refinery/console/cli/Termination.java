package io.refinery.console.cli;

import io.refinery.engine.DeviceFailedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for Ctrl-C or a termination signal, and holds the process until everything that was opened
 * after it is closed. Open it first, so that it closes last.
 */
public final class Termination implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Termination.class);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  private Termination() {}

  /** From now on a signal ends {@link #await()} instead of the process. */
  public static Termination expect() {
    Termination termination = new Termination();
    Runtime.getRuntime().addShutdownHook(new Thread(termination::hold, "refinery-end"));
    return termination;
  }

  /** The JVM ends when its hooks have. */
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
   * Waits for the end, or for the loss of a device.
   *
   * @throws DeviceFailedException when the device is lost
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
   * Ends {@link #await()} as a signal would, once {@code event} is done: whoever has waited sees
   * that it is.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // It may be done only after who waits is awake.
  public void askAfter(CompletableFuture<?> event) {
    event.thenRun(this::ask);
  }

  /** Ends {@link #await()} as a signal would. */
  public void ask() {
    asked.countDown();
  }

  /** Whether the end was asked for. */
  public boolean asked() {
    return asked.getCount() == 0;
  }

  /** Returns when the end was asked for. */
  public void await() throws InterruptedException {
    asked.await();
  }

  /** From now on a signal ends the process at once: nothing is left to wait for. */
  public void release() {
    closed.countDown();
  }

  @Override
  public void close() {
    release();
  }
}
