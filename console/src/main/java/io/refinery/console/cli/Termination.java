package io.refinery.console.cli;

import io.refinery.engine.DeviceFailedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for Ctrl-C or a termination signal, and keeps the process alive until everything opened
 * after it is closed. Open it first, so that it closes last.
 */
public final class Termination implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Termination.class);

  /** How long everything may take to close after a loss; a job that hangs never does. */
  private static final Duration CLOSING = Duration.ofMinutes(1);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  private final Duration closing;

  private Termination(Duration closing) {
    this.closing = closing;
  }

  /** Makes signals end {@link #await()} instead of the process from now on. */
  public static Termination expect() {
    return expect(CLOSING);
  }

  /**
   * Does the same.
   *
   * @param closing how long everything may take to close after a loss
   */
  static Termination expect(Duration closing) {
    Termination termination = new Termination(closing);
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
   * Waits for a signal or for the loss of a device. After a loss, the process ends even if
   * something cannot be closed.
   *
   * @throws DeviceFailedException if the device is lost
   */
  public void await(CompletableFuture<DeviceFailedException> deviceLost)
      throws InterruptedException {
    askAfter(deviceLost);
    await();
    if (deviceLost.isDone()) {
      Thread halting = new Thread(this::haltUnlessClosed, "refinery-halt");
      halting.setDaemon(true);
      halting.start();
      throw deviceLost.join();
    }
  }

  private void haltUnlessClosed() {
    try {
      if (!closed.await(closing.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.error("Something does not end within {}: ending the process", closing);
        Runtime.getRuntime().halt(ErrorReporter.DEVICE_LOST);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
