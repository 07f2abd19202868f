package io.refinery.status;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that a service needs as long as it runs. It repeats its task until it is stopped. A task
 * that fails, even by an {@link Error}, is logged and run again after a pause. A service whose
 * thread is not {@linkplain #isAlive alive} is DOWN.
 */
public final class ServiceThread implements AutoCloseable {

  /** The task that the thread repeats. */
  @FunctionalInterface
  public interface Task {

    /** Runs one round, or until {@link ServiceThread#isStopping} is true. */
    void run(ServiceThread thread) throws InterruptedException;
  }

  private static final Logger log = LoggerFactory.getLogger(ServiceThread.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;

  public ServiceThread(String name, Task task) {
    this.thread = new Thread(() -> repeat(task), name);
    thread.setDaemon(true);
  }

  public ServiceThread start() {
    thread.start();
    return this;
  }

  private void repeat(Task task) {
    while (!isStopping()) {
      try {
        task.run(this);
      } catch (InterruptedException e) {
        if (!isStopping()) {
          log.error("The thread {} was interrupted and ends", thread.getName());
        }
        return;
      } catch (Throwable e) { // Out of memory may be temporary.
        log.warn("The thread {} failed; restarting its task in {}", thread.getName(), PAUSE, e);
        if (pause(PAUSE)) {
          return;
        }
      }
    }
  }

  private boolean pause(Duration duration) {
    try {
      return awaitStop(duration);
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** Waits, and returns true early if the thread is to stop. */
  public boolean awaitStop(Duration atMost) throws InterruptedException {
    return stopping.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Returns whether the task should return. */
  public boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /** Returns whether the thread has been started and has not ended. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  /** Lets the thread end after its current round. */
  public void stop() {
    stopping.countDown();
  }

  /** Stops the thread and returns when it has ended. */
  @Override
  public void close() {
    stop();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
