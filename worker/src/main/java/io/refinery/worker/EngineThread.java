package io.refinery.worker;

import io.refinery.concurrent.Uninterruptibles;
import io.refinery.message.JobPriority;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only thread that uses the engine. Jobs of a priority take turns in the order of their
 * arrival, each until its end. While jobs of both priorities are there, batches of the first of
 * each alternate so that high priority has three quarters of the time.
 */
final class EngineThread implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EngineThread.class);

  /** The time of high priority for each time of normal priority. */
  private static final int HIGH_SHARE = 3;

  /** The batches of a job. */
  interface Batches {

    /** Refines the next batch and returns whether there may be more; must not throw. */
    boolean refineNext();
  }

  private final Map<JobPriority, Deque<Turn>> turns = new EnumMap<>(JobPriority.class);
  private final LongSupplier nanos;
  private Optional<Turn> running = Optional.empty();
  private boolean closed;

  /** How much more time high priority has had than its share, in nanoseconds. */
  private long lead;

  EngineThread() {
    this(System::nanoTime);
  }

  /**
   * @param nanos returns the time, in nanoseconds
   */
  EngineThread(LongSupplier nanos) {
    this.nanos = nanos;
    for (JobPriority priority : JobPriority.values()) {
      turns.put(priority, new ArrayDeque<>());
    }
    new Thread(this::serve, "refinery-engine").start();
  }

  /** Refines a job's batches when its turn comes. */
  synchronized Turn run(JobPriority priority, Batches batches) {
    Turn turn = new Turn(priority, batches);
    turns.get(priority).add(turn);
    notifyAll();
    return turn;
  }

  /** Returns the number of jobs that wait while another one's batch is refined. */
  synchronized int waiting() {
    return turns.values().stream().mapToInt(Deque::size).sum() - (running.isPresent() ? 1 : 0);
  }

  private void serve() {
    Optional<Turn> next = next();
    while (next.isPresent()) {
      Turn turn = next.get();
      long start = nanos.getAsLong();
      boolean more = turn.refineNext();
      passed(turn, nanos.getAsLong() - start, more);
      next = next();
    }
  }

  /** Waits for a turn; returns empty when the thread is closed and no turn is left. */
  private synchronized Optional<Turn> next() {
    Deque<Turn> high = turns.get(JobPriority.HIGH);
    Deque<Turn> normal = turns.get(JobPriority.NORMAL);
    while (high.isEmpty() && normal.isEmpty()) {
      if (closed) {
        return Optional.empty();
      }
      try {
        wait();
      } catch (InterruptedException e) {
        log.debug("Nobody interrupts this thread", e);
      }
    }
    if (high.isEmpty() || normal.isEmpty()) {
      lead = 0;
    }
    boolean isHigh = normal.isEmpty() || (!high.isEmpty() && lead <= 0);
    running = Optional.of((isHigh ? high : normal).element());
    return running;
  }

  private synchronized void passed(Turn turn, long spent, boolean more) {
    running = Optional.empty();
    lead += turn.priority == JobPriority.HIGH ? spent : -HIGH_SHARE * spent;
    if (!more || turn.ended) {
      turns.get(turn.priority).remove(turn);
      turn.over.countDown();
    }
  }

  /** Ends the turns that have begun, then the thread. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** One job's turn on the engine. */
  final class Turn {
    private final JobPriority priority;
    private final Batches batches;
    private final CountDownLatch over = new CountDownLatch(1);
    private boolean ended;

    private Turn(JobPriority priority, Batches batches) {
      this.priority = priority;
      this.batches = batches;
    }

    private boolean refineNext() {
      try {
        return batches.refineNext();
      } catch (Throwable e) { // Must not end the thread, which other jobs wait for.
        log.error("A batch failed unexpectedly", e);
        return false;
      }
    }

    /**
     * Ends the turn; waits for a batch that is being refined, even if interrupted. No other begins.
     */
    void end() {
      synchronized (EngineThread.this) {
        ended = true;
        if (!running.filter(this::equals).isPresent()) {
          turns.get(priority).remove(this);
          return;
        }
      }
      Uninterruptibles.uninterruptibly(over);
    }
  }
}
