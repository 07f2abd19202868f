package io.refinery.worker;

import io.refinery.concurrent.Uninterruptibles;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** The only thread that uses the engine. Jobs take turns on it in the order of their arrival. */
final class EngineThread implements AutoCloseable {

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "refinery-engine"));

  /** Runs {@code work}, which must not throw, when its turn comes. */
  Turn run(Runnable work) {
    Turn turn = new Turn(work);
    thread.execute(turn::take);
    return turn;
  }

  @Override
  public void close() {
    thread.shutdown();
  }

  /** One job's turn on the engine. */
  static final class Turn {
    private final Runnable work;
    private final AtomicBoolean settled = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);

    Turn(Runnable work) {
      this.work = work;
    }

    private void take() {
      if (settled.compareAndSet(false, true)) {
        try {
          work.run();
        } finally {
          over.countDown();
        }
      }
    }

    /** Cancels a turn that has not begun; otherwise waits for its end, even if interrupted. */
    void end() {
      if (!settled.compareAndSet(false, true)) {
        Uninterruptibles.uninterruptibly(over);
      }
    }
  }
}
