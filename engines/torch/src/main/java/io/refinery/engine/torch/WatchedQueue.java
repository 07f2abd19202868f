package io.refinery.engine.torch;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Tasks whose takers look for the next one for a moment before they sleep. Between images that come
 * one after the other no core falls idle, and none has to be woken, which takes long on a virtual
 * machine. A taker yields its core to any thread that wants it.
 */
@SuppressWarnings("serial") // Nobody writes one.
final class WatchedQueue extends LinkedBlockingQueue<Runnable> {

  /** Less than one image takes, and more than its caller has to do between two. */
  private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(1);

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // Tasks are taken where yielding does nothing, too.
  public Runnable take() throws InterruptedException {
    long start = System.nanoTime();
    do {
      Runnable task = poll();
      if (task != null) {
        return task;
      }
      Thread.yield();
    } while (System.nanoTime() - start < MOMENT);
    return super.take();
  }
}
