package io.refinery.engine.torch;

import io.refinery.concurrent.Uninterruptibles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.bytedeco.pytorch.global.torch;

/**
 * Threads that each compute something whole on one core. They meet once a batch, where libtorch's
 * own threads meet after every operator.
 */
final class Lanes implements AutoCloseable {

  private final int count;
  private final ExecutorService threads;

  /**
   * @param count of threads, at least 1
   */
  Lanes(int count) {
    this.count = count;
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new WatchedQueue(),
            task -> {
              Thread thread = new Thread(task, "torch-refiner-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    computeOnOneCore();
  }

  /**
   * How many threads libtorch starts is set for the calling thread, and as what new threads begin
   * with: the latter is put back.
   */
  private void computeOnOneCore() {
    int usual = torch.get_num_threads();
    CountDownLatch all = new CountDownLatch(count);
    onEach(
        count,
        () -> {
          torch.get_num_threads();
          torch.set_num_threads(1);
          all.countDown();
          Uninterruptibles.uninterruptibly(all);
        });
    torch.set_num_threads(usual);
  }

  int count() {
    return count;
  }

  /**
   * Runs {@code task} for the numbers 0 to {@code tasks - 1}, and returns when all have ended.
   *
   * @throws RuntimeException the first that a task threw; no further task begins after it
   */
  void run(int tasks, IntConsumer task) {
    if (tasks == 0) {
      return;
    }
    AtomicInteger next = new AtomicInteger();
    onEach(
        Math.min(count, tasks),
        () -> {
          try {
            for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
              task.accept(i);
            }
          } catch (RuntimeException e) {
            next.set(tasks);
            throw e;
          }
        });
  }

  /**
   * Runs {@code work} on so many threads at once. The first one starts the others: started by a
   * caller that then goes to sleep, the last one would often wait for its core.
   */
  private void onEach(int workers, Runnable work) {
    try {
      CompletableFuture.completedFuture(null)
          .thenComposeAsync(begin -> lead(workers, work), threads)
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /**
   * @return completes when all have ended, whoever is last
   */
  private CompletableFuture<Void> lead(int workers, Runnable work) {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int follower = 1; follower < workers; follower++) {
      all.add(CompletableFuture.runAsync(work, threads));
    }
    all.add(CompletableFuture.runAsync(work, Runnable::run));
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
