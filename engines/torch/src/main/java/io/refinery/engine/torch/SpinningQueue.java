package io.refinery.engine.torch;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A task queue whose consumers spin briefly before they block. Between consecutive images no core
 * goes idle and has to be woken, which takes long on a virtual machine. A spinning consumer yields
 * its core to any other thread.
 */
@SuppressWarnings("serial") // Never serialised.
final class SpinningQueue extends LinkedBlockingQueue<Runnable> {

  /** Shorter than refining one image, longer than what a caller does between two images. */
  private static final long SPIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // Correct even where yielding has no effect.
  public Runnable take() throws InterruptedException {
    long start = System.nanoTime();
    do {
      Runnable task = poll();
      if (task != null) {
        return task;
      }
      Thread.yield();
    } while (System.nanoTime() - start < SPIN_NANOS);
    return super.take();
  }
}
