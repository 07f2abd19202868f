package io.refinery.worker;

import io.refinery.message.Job;
import io.refinery.worker.WorkerConfig.TimeLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One try of a job, which {@link JobWatch} may end early. The thread of the try is interrupted
 * then, and the try ends between two batches.
 */
final class WatchedTry implements AutoCloseable {

  private final Job job;
  private final Consumer<WatchedTry> closed;
  private final StageProgress progress = new StageProgress(System::nanoTime);
  private final Thread thread = Thread.currentThread();
  private final long begun = System.nanoTime();
  private Optional<EarlyEnd> end = Optional.empty();
  private boolean shielded;
  private boolean interrupted;
  private boolean over;

  /**
   * Creates the try of the current thread.
   *
   * @param closed called when the try has ended
   */
  WatchedTry(Job job, Consumer<WatchedTry> closed) {
    this.job = job;
    this.closed = closed;
  }

  String jobId() {
    return job.id();
  }

  StageProgress progress() {
    return progress;
  }

  /** Ends the try if the job is out of time or makes no progress. */
  void check(TimeLimits limits) {
    EarlyEnd.OutOfTime.deadline(job, Instant.now()).ifPresent(this::endEarly);
    EarlyEnd.OutOfTime.limit(Duration.ofNanos(System.nanoTime() - begun), limits.job())
        .ifPresent(this::endEarly);
    if (progress.standstill().compareTo(limits.stall()) > 0) {
      endEarly(
          new EarlyEnd.Stalled(
              "No progress for %s in %s".formatted(limits.stall(), progress.where())));
    }
  }

  /** Returns a sentence if the try hangs although it was told to end. */
  Optional<String> stuck(TimeLimits limits) {
    Duration standstill = progress.standstill();
    return standstill.compareTo(limits.stuck()) > 0 && !isOver()
        ? Optional.of(
            "Job %s hangs in %s: no progress for %d s, and it cannot be ended."
                .formatted(job.id(), progress.where(), standstill.toSeconds()))
        : Optional.empty();
  }

  private synchronized boolean isOver() {
    return over;
  }

  /** Ends the try, unless it has already ended. */
  synchronized void endEarly(EarlyEnd why) {
    if (over || end.isPresent()) {
      return;
    }
    end = Optional.of(why);
    if (!shielded) {
      interrupted = true;
      thread.interrupt();
    }
  }

  /** Returns why the try must end, if it must. */
  synchronized Optional<EarlyEnd> end() {
    return end;
  }

  /**
   * Keeps interrupts off until {@link #unshield}: what is built next is shared with other jobs, and
   * an interrupt would make it look damaged.
   */
  synchronized void shield() {
    shielded = true;
  }

  /**
   * @throws InterruptedException when the try must end
   */
  synchronized void unshield() throws InterruptedException {
    shielded = false;
    if (end.isPresent()) {
      throw new InterruptedException();
    }
  }

  /** Ends the watch. The thread is not interrupted from now on. */
  @Override
  public void close() {
    closed.accept(this);
    synchronized (this) {
      over = true;
      if (interrupted) {
        boolean unused = Thread.interrupted();
      }
    }
  }
}
