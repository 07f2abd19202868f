package io.refinery.concurrent;

import java.util.concurrent.CountDownLatch;

/** Waits that must not be cut short: what they wait for still uses memory that is freed next. */
public final class Uninterruptibles {

  private Uninterruptibles() {}

  /**
   * Returns when {@code latch} is at zero, however often the thread is interrupted, which it then
   * is again.
   */
  public static void uninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
