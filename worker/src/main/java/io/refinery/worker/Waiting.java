package io.refinery.worker;

import java.util.concurrent.CountDownLatch;

/** Waits that must not be cut short: what they wait for still uses memory that is freed next. */
final class Waiting {

  private Waiting() {}

  static void forEver(CountDownLatch latch) {
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
