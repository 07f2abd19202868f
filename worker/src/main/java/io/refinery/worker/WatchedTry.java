package io.refinery.worker;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * One try of a job, which {@link JobWatch} may end early. The thread of the try is interrupted
 * then, and the try ends between two batches.
 */
final class WatchedTry implements AutoCloseable {

  private final String jobId;
  private final Consumer<WatchedTry> closed;
  private final Thread thread = Thread.currentThread();
  private Optional<EarlyEnd> end = Optional.empty();
  private boolean shielded;
  private boolean interrupted;
  private boolean over;

  /**
   * Creates the try of the current thread.
   *
   * @param closed called when the try has ended
   */
  WatchedTry(String jobId, Consumer<WatchedTry> closed) {
    this.jobId = jobId;
    this.closed = closed;
  }

  String jobId() {
    return jobId;
  }

  /** Ends the try, unless it has already ended. */
  synchronized void endEarly(EarlyEnd why) {
    if (over || end.isPresent()) {
      return;
    }
    end = Optional.of(why);
    if (!shielded) {
      interrupt();
    }
  }

  private void interrupt() {
    interrupted = true;
    thread.interrupt();
  }

  /** Returns why the try must end, if it must. */
  synchronized Optional<EarlyEnd> end() {
    return end;
  }

  /**
   * Keeps interrupts off until {@link #unshield}: what is built next is shared with other jobs, and
   * an interrupt would make it look damaged.
   */
  synchronized void shield() {
    shielded = true;
  }

  /**
   * @throws InterruptedException when the try must end
   */
  synchronized void unshield() throws InterruptedException {
    shielded = false;
    if (end.isPresent()) {
      throw new InterruptedException();
    }
  }

  /** Ends the watch. The thread is not interrupted from now on. */
  @Override
  public void close() {
    closed.accept(this);
    synchronized (this) {
      over = true;
      if (interrupted) {
        boolean unused = Thread.interrupted();
      }
    }
  }
}
