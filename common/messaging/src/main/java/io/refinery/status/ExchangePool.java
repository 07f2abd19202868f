package io.refinery.status;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs the exchanges of a JDK HTTP server on a few daemon threads. No client can block a thread by
 * sending its request or reading its response slowly.
 *
 * <p>The JDK's server reads a request with blocking calls on one of these threads. Interrupting the
 * thread closes the connection, so an exchange with a client that is too slow is interrupted: after
 * 5 seconds, or, if its request is not complete, after 100 milliseconds while other requests wait
 * for a thread. Requests that find too many others waiting are dropped at once.
 */
final class ExchangePool implements Executor, AutoCloseable {

  private static final int THREADS = 16;
  private static final int WAITING = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PATIENCE_WHILE_OTHERS_WAIT = Duration.ofMillis(100);
  private static final Duration TICK = Duration.ofMillis(20);

  /** The exchange that a thread runs. */
  private static final ThreadLocal<Exchange> CURRENT = new ThreadLocal<>();

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(WAITING),
          daemons("refinery-status"));
  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(1, daemons("refinery-status-clock"));

  /** Exchanges that have a thread; guarded by this. */
  private final Set<Exchange> running = new HashSet<>();

  private boolean watching;

  ExchangePool() {
    threads.allowCoreThreadTimeOut(true);
    clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public void execute(Runnable task) {
    try {
      threads.execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      drop(task);
    }
  }

  /** An interrupted thread closes the exchange's connection at its first read. */
  private void drop(Runnable task) {
    Thread.currentThread().interrupt();
    run(task);
  }

  private void run(Runnable task) {
    Exchange exchange = new Exchange(Thread.currentThread());
    CURRENT.set(exchange);
    begin(exchange);
    try {
      task.run();
    } finally {
      end(exchange);
      CURRENT.remove();
    }
  }

  private synchronized void begin(Exchange exchange) {
    running.add(exchange);
    if (!watching) {
      watching = true;
      watchLater();
    }
  }

  private synchronized void end(Exchange exchange) {
    running.remove(exchange);
    Thread.interrupted();
  }

  /** What an exchange spends its time on. */
  enum Phase {
    /** Waits for the client to send the rest of its request. */
    READING,
    /** Computes the response; waits for nothing from the client. */
    ANSWERING,
    /** Waits for the client to take the response. */
    WRITING
  }

  /** Sets the phase of the calling thread's exchange, which begins with READING. */
  void enter(Phase phase) {
    Exchange exchange = CURRENT.get();
    synchronized (this) {
      exchange.phase = phase;
      exchange.since = System.nanoTime();
      Thread.interrupted();
    }
  }

  private void watchLater() {
    try {
      var unused = clock.schedule(this::watch, TICK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      watching = false; // Closed.
    }
  }

  private synchronized void watch() {
    boolean othersWait = !threads.getQueue().isEmpty();
    long now = System.nanoTime();
    for (Exchange exchange : running) {
      if (isTooSlow(exchange.phase, now - exchange.since, othersWait)) {
        exchange.thread.interrupt();
      }
    }
    watching = !running.isEmpty();
    if (watching) {
      watchLater();
    }
  }

  private static boolean isTooSlow(Phase phase, long nanos, boolean othersWait) {
    Duration patience =
        othersWait && phase == Phase.READING ? PATIENCE_WHILE_OTHERS_WAIT : PATIENCE;
    return phase != Phase.ANSWERING && nanos > patience.toNanos();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    clock.shutdownNow();
  }

  /** Guarded by the pool. */
  private static final class Exchange {
    private final Thread thread;
    private Phase phase = Phase.READING;
    private long since = System.nanoTime();

    Exchange(Thread thread) {
      this.thread = thread;
    }
  }
}
