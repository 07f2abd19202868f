package io.refinery.worker;

import io.refinery.message.Job;
import io.refinery.status.ServiceThread;
import io.refinery.storage.StorageException;
import io.refinery.worker.WorkerConfig.TimeLimits;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the jobs that this worker runs. A job ends early when it gets a result meanwhile, because
 * it was cancelled or another worker was faster, when it is out of time, and when it makes no
 * progress. If it then does not end, the worker cannot go on.
 */
final class JobWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(JobWatch.class);

  /** How often the store is asked for the result of a running job. */
  private static final Duration LOOK = Duration.ofSeconds(3);

  private static final Duration CHECK = Duration.ofMillis(500);

  /** A check that comes this late means that the whole process stood still. */
  private static final Duration PAUSED = Duration.ofSeconds(10);

  private final ResultStore results;
  private final TimeLimits limits;
  private final Consumer<String> stuck;
  private final Set<WatchedTry> tries = ConcurrentHashMap.newKeySet();
  private final ServiceThread looks = new ServiceThread("refinery-results", this::look);
  private final ServiceThread checks = new ServiceThread("refinery-watch", this::checkRegularly);

  /**
   * @param stuck receives a sentence when a job hangs and cannot be ended, maybe several times
   */
  JobWatch(ResultStore results, TimeLimits limits, Consumer<String> stuck) {
    this.results = results;
    this.limits = limits;
    this.stuck = stuck;
  }

  JobWatch start() {
    looks.start();
    checks.start();
    return this;
  }

  /** Begins to watch a try that runs on the current thread, until the try is closed. */
  WatchedTry watch(Job job) {
    WatchedTry begun = new WatchedTry(job, tries::remove);
    tries.add(begun);
    return begun;
  }

  private void look(ServiceThread self) throws InterruptedException {
    if (self.awaitStop(LOOK)) {
      return;
    }
    for (WatchedTry running : tries) {
      try {
        results
            .find(running.jobId())
            .ifPresent(result -> running.endEarly(new EarlyEnd.Settled(result)));
      } catch (StorageException e) {
        log.debug("Cannot ask for the result of {}", running.jobId(), e);
      }
    }
  }

  private void checkRegularly(ServiceThread self) throws InterruptedException {
    long last = System.nanoTime();
    while (!self.awaitStop(CHECK)) {
      long now = System.nanoTime();
      if (now - last > PAUSED.toNanos()) {
        tries.forEach(running -> running.progress().resumes());
      }
      last = now;
      tries.forEach(this::check);
    }
  }

  private void check(WatchedTry running) {
    boolean ended = running.end().isPresent();
    running.check(limits);
    if (!ended && running.end().orElse(null) instanceof EarlyEnd.Stalled stalled) {
      log.error("Job {}: {}. All threads:\n{}", running.jobId(), stalled.sentence(), threads());
    }
    running.stuck(limits).ifPresent(stuck);
  }

  /** Returns what every thread is doing, so that a fault can be found. */
  private static String threads() {
    return Thread.getAllStackTraces().entrySet().stream()
        .map(JobWatch::described)
        .collect(Collectors.joining("\n"));
  }

  private static String described(Map.Entry<Thread, StackTraceElement[]> thread) {
    return thread.getKey().getName()
        + Arrays.stream(thread.getValue())
            .map(frame -> "\n    at " + frame)
            .collect(Collectors.joining());
  }

  /** Returns whether running jobs are still watched. */
  boolean isAlive() {
    return looks.isAlive() && checks.isAlive();
  }

  @Override
  public void close() {
    looks.close();
    checks.close();
  }
}
