package io.refinery.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Runs something in many threads at the same moment. */
public final class Race {

  private Race() {}

  /**
   * @param runner gives the work of each thread, by number from 0
   * @return the result of each thread, by number
   */
  public static <T> List<T> of(int threads, IntFunction<Callable<T>> runner) throws Exception {
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<T>> running = new ArrayList<>();
      for (int number = 0; number < threads; number++) {
        Callable<T> run = runner.apply(number);
        running.add(
            pool.submit(
                () -> {
                  start.await();
                  return run.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> run : running) {
        results.add(run.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }
}
