package io.refinery.worker;

import io.refinery.message.JobEvent;
import io.refinery.message.JobEvent.State;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Tells the world how far one job is, at most once a second while it is refined. */
final class JobProgressReporter {

  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final ResultPublisher outbox;
  private final JobDelivery delivery;
  private final String worker;
  private Optional<Long> total = Optional.empty();
  private long images;
  private long lastTold;

  JobProgressReporter(ResultPublisher outbox, JobDelivery delivery, String worker) {
    this.outbox = outbox;
    this.delivery = delivery;
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

  void tell(State state, Optional<String> detail) {
    outbox.tell(
        new JobEvent(delivery.jobId(), state, Instant.now(), worker, images, total, detail),
        delivery.message().headers());
  }
}
