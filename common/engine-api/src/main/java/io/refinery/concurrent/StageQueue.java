package io.refinery.concurrent;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded queue between two stages that also carries the end of the stream and failures. When
 * either side fails, the other one fails at its next call.
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
   * Adds an item, waiting for room.
   *
   * @throws ExecutionException when either side has failed; the cause is that failure
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
   * Takes the next item, waiting for it.
   *
   * @return empty after the last one
   * @throws ExecutionException when either side has failed; the cause is that failure
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

  /** Marks the end: no more items follow. */
  public void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Fails both sides; only the first failure is kept. */
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
