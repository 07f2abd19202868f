package io.refinery.worker;

import io.refinery.concurrent.Uninterruptibles;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** The one thread that uses the engine; jobs take turns on it in the order in which they come. */
final class EngineThread implements AutoCloseable {

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "refinery-engine"));

  /** Runs {@code work}, which throws nothing, when its turn has come. */
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

    /** Gives the turn up where it has not begun, or else waits for its end, interrupted or not. */
    void end() {
      if (!settled.compareAndSet(false, true)) {
        Uninterruptibles.uninterruptibly(over);
      }
    }
  }
}
