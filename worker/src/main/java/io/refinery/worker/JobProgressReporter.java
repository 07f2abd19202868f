package io.refinery.worker;

import io.refinery.message.JobEvent;
import io.refinery.message.JobEvent.State;
import io.refinery.message.JobResult;
import io.refinery.storage.ObjectRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Headers;

/**
 * The progress of one delivery. Publishes it as events, at most once a second during refinement.
 */
final class JobProgressReporter {

  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final ResultPublisher publisher;
  private final String jobId;
  private final Headers cause;
  private final String worker;
  private Optional<Long> total = Optional.empty();
  private long images;
  private long lastTold;
  private final List<ObjectRef> uploaded = new ArrayList<>();

  /**
   * @param cause the headers of the job's message
   */
  JobProgressReporter(ResultPublisher publisher, String jobId, Headers cause, String worker) {
    this.publisher = publisher;
    this.jobId = jobId;
    this.cause = cause;
    this.worker = worker;
  }

  void of(long total) {
    this.total = Optional.of(total);
    lastTold = System.nanoTime();
    tell(State.REFINING, Optional.empty());
  }

  void refined(long images) {
    this.images = images;
    if (System.nanoTime() - lastTold >= PAUSE) {
      lastTold = System.nanoTime();
      tell(State.REFINING, Optional.empty());
    }
  }

  /** Tells that the job has failed, and why. */
  void failed(JobResult.Failed failed) {
    tell(State.FAILED, Optional.of(failed.code() + " " + failed.message()));
  }

  /** Remembers a bundle whose upload begins. */
  void uploads(ObjectRef bundle) {
    uploaded.add(bundle);
  }

  /** Returns the bundles that were uploaded for this delivery, at least in part. */
  List<ObjectRef> uploaded() {
    return List.copyOf(uploaded);
  }

  void tell(State state, Optional<String> detail) {
    publisher.sendBestEffort(
        new JobEvent(jobId, state, Instant.now(), worker, images, total, detail), cause);
  }
}
