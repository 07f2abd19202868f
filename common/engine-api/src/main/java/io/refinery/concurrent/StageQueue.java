package io.refinery.concurrent;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded queue from one stage to the next that also carries the end and failures, in both
 * directions: whichever side fails, the other learns of it at its next step.
 */
public final class StageQueue<T> {

  private final int capacity;
  private final Deque<T> waiting = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Optional<Throwable> failure = Optional.empty();
  private boolean ended;

  public StageQueue(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Waits for room.
   *
   * @throws ExecutionException carrying the failure of either side
   */
  public void put(T item) throws InterruptedException, ExecutionException {
    lock.lockInterruptibly();
    try {
      while (waiting.size() >= capacity && failure.isEmpty()) {
        changed.await();
      }
      throwIfFailed();
      waiting.add(item);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the next item.
   *
   * @return empty after the last one
   * @throws ExecutionException carrying the failure of either side
   */
  public Optional<T> take() throws InterruptedException, ExecutionException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !ended && failure.isEmpty()) {
        changed.await();
      }
      throwIfFailed();
      Optional<T> item = Optional.ofNullable(waiting.poll());
      changed.signalAll();
      return item;
    } finally {
      lock.unlock();
    }
  }

  /** There is nothing more to come. */
  public void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends it for both sides; the first failure stays. */
  public void fail(Throwable cause) {
    lock.lock();
    try {
      if (failure.isEmpty()) {
        failure = Optional.of(cause);
      }
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void throwIfFailed() throws ExecutionException {
    if (failure.isPresent()) {
      throw new ExecutionException(failure.get());
    }
  }
}
