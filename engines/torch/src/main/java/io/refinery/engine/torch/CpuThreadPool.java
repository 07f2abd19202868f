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
 * A thread pool in which each task computes on a single core. The threads synchronise once per
 * batch, whereas libtorch's own threads synchronise after every operator.
 */
final class CpuThreadPool implements AutoCloseable {

  private final int size;
  private final ExecutorService threads;

  /**
   * @param size number of threads, at least 1
   */
  CpuThreadPool(int size) {
    this.size = size;
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            size,
            size,
            0,
            TimeUnit.SECONDS,
            new SpinningQueue(),
            task -> {
              Thread thread = new Thread(task, "torch-refiner-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    limitToOneCore();
  }

  /**
   * libtorch's thread count applies to the calling thread and is also the initial value for new
   * threads, so the latter is restored.
   */
  private void limitToOneCore() {
    int before = torch.get_num_threads();
    CountDownLatch ready = new CountDownLatch(size);
    onEach(
        size,
        () -> {
          torch.get_num_threads();
          torch.set_num_threads(1);
          ready.countDown();
          Uninterruptibles.uninterruptibly(ready);
        });
    torch.set_num_threads(before);
  }

  int size() {
    return size;
  }

  /**
   * Runs {@code task} with the numbers 0 to {@code tasks - 1} and returns when all have finished.
   *
   * @throws RuntimeException the first one that a task threw; no task starts after it
   */
  void run(int tasks, IntConsumer task) {
    if (tasks == 0) {
      return;
    }
    AtomicInteger next = new AtomicInteger();
    onEach(
        Math.min(size, tasks),
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
   * Runs {@code work} on {@code workers} threads at once. A pool thread starts the others: if the
   * caller did so and then blocked, the last thread would often have to wait for the caller's core.
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
   * @return completes when all threads have finished, whichever is last
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
