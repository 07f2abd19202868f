package io.refinery.worker;

import io.refinery.status.ServiceThread;
import io.refinery.storage.StorageException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the jobs that this worker runs. A job that gets a result meanwhile, because it was
 * cancelled or another worker was faster, ends early.
 */
final class JobWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(JobWatch.class);

  /** How often the store is asked for the result of a running job. */
  private static final Duration LOOK = Duration.ofSeconds(3);

  private final ResultStore results;
  private final Set<WatchedTry> tries = ConcurrentHashMap.newKeySet();
  private final ServiceThread looks = new ServiceThread("refinery-results", this::look);

  JobWatch(ResultStore results) {
    this.results = results;
  }

  JobWatch start() {
    looks.start();
    return this;
  }

  /** Begins to watch a try that runs on the current thread, until the try is closed. */
  WatchedTry watch(String jobId) {
    WatchedTry begun = new WatchedTry(jobId, tries::remove);
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

  /** Returns whether running jobs are still watched. */
  boolean isAlive() {
    return looks.isAlive();
  }

  @Override
  public void close() {
    looks.close();
  }
}
