package io.refinery.concurrent;

import java.util.concurrent.CountDownLatch;

/**
 * Waits that must not be interrupted, because what they wait for still uses memory that is freed
 * next.
 */
public final class Uninterruptibles {

  private Uninterruptibles() {}

  /**
   * Waits until {@code latch} is at zero, even if the thread is interrupted; restores the interrupt
   * afterwards.
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
