package io.refinery.worker;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.refinery.engine.DeviceFailedException;
import io.refinery.message.ErrorCode;
import io.refinery.message.JobEvent.State;
import io.refinery.message.JobMessage;
import io.refinery.message.JobResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one delivery of a job to its end: its one result claimed and published, or the job given
 * back. Used by many threads, each with a delivery of its own.
 */
final class JobRunner {

  private static final Logger log = LoggerFactory.getLogger(JobRunner.class);

  /** A job that is settled is not given up: without its result it would be lost. */
  private static final Duration SETTLE_PAUSE = Duration.ofMillis(500);

  private static final Duration LONGEST_SETTLE_PAUSE = Duration.ofSeconds(15);

  private static final int RETRY_FACTOR = 4;

  private final WorkerConfig config;
  private final JobWork work;
  private final ResultStore results;
  private final ResultPublisher outbox;
  private final WorkerMetrics metrics;
  private final Consumer<DeviceFailedException> lost;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * @param lost told when the device failed, before the job is given back
   */
  JobRunner(
      WorkerConfig config,
      JobWork work,
      ResultStore results,
      ResultPublisher outbox,
      WorkerMetrics metrics,
      Consumer<DeviceFailedException> lost) {
    this.config = config;
    this.work = work;
    this.results = results;
    this.outbox = outbox;
    this.metrics = metrics;
    this.lost = lost;
  }

  /** From now on every job is given back; who runs one is interrupted besides. */
  void stop() {
    stopped.countDown();
  }

  /**
   * Runs until the job is settled or is to be given back; throws nothing.
   *
   * @return ACCEPT or RELEASE
   */
  AcknowledgeType run(JobDelivery delivery) {
    JobProgressReporter progress = new JobProgressReporter(outbox, delivery, config.name());
    metrics.taken();
    try {
      progress.tell(State.ACCEPTED, Optional.empty());
      Optional<JobResult> result = outcome(delivery, progress);
      if (result.isPresent()) {
        settle(delivery, result.get(), progress);
        return AcknowledgeType.ACCEPT;
      }
    } catch (InterruptedException | FailsafeException e) {
      log.info("Job {} is given back: the worker stops", delivery.jobId());
      progress.tell(State.RELEASED, Optional.of("The worker stops."));
    } finally {
      metrics.left();
    }
    metrics.givenBack();
    return AcknowledgeType.RELEASE;
  }

  /** The job's result, or empty where it is to be tried again. */
  private Optional<JobResult> outcome(JobDelivery delivery, JobProgressReporter progress)
      throws InterruptedException {
    try {
      Optional<JobResult> earlier = results.find(delivery.jobId());
      return earlier.isPresent() ? earlier : Optional.of(attempt(delivery, progress));
    } catch (JobFailure e) {
      log.info("Job {} failed: {} {}", delivery.jobId(), e.code(), e.getMessage());
      return Optional.of(
          new JobResult.Failed(
              delivery.jobId(), e.code(), e.getMessage(), Instant.now(), e.model()));
    } catch (InterruptedException e) {
      throw e;
    } catch (DeviceFailedException e) {
      lost.accept(e);
      progress.tell(State.RELEASED, Optional.of(e.getMessage()));
      return Optional.empty();
    } catch (Throwable e) { // An OutOfMemoryError too is the job's end, not the worker's.
      if (stopped.getCount() == 0) {
        throw new InterruptedException();
      }
      return again(delivery, e, progress);
    }
  }

  private JobResult attempt(JobDelivery delivery, JobProgressReporter progress) throws Exception {
    if (delivery.count() >= config.delivery().deliveries()) {
      throw new JobFailure(
          ErrorCode.INTERNAL,
          "Deliveries without an end: %d. The workers died, or lost the broker or the store."
              .formatted(delivery.count() - 1));
    }
    if (delivery.content() instanceof JobMessage.Accepted accepted) {
      return work.run(accepted.job(), progress);
    }
    JobMessage.Rejected rejected = (JobMessage.Rejected) delivery.content();
    throw new JobFailure(rejected.code(), rejected.message());
  }

  private Optional<JobResult> again(
      JobDelivery delivery, Throwable trouble, JobProgressReporter progress)
      throws InterruptedException {
    String reason = trouble.getClass().getSimpleName() + ": " + trouble.getMessage();
    if (delivery.count() >= config.delivery().deliveries() - 1) {
      log.error("Job {} failed for the last time", delivery.jobId(), trouble);
      return Optional.of(
          new JobResult.Failed(
              delivery.jobId(),
              ErrorCode.INTERNAL,
              "Tried %d times; the last time: %s".formatted(delivery.count(), reason),
              Instant.now(),
              Optional.empty()));
    }
    Duration delay = delay(delivery.count());
    log.warn(
        "Job {} failed at delivery {}, it is given back in {}",
        delivery.jobId(),
        delivery.count(),
        delay,
        trouble);
    progress.tell(State.RELEASED, Optional.of(reason));
    // A job that is given back comes again at once, so the wait is here, under the lock.
    stopped.await(delay.toMillis(), TimeUnit.MILLISECONDS);
    return Optional.empty();
  }

  private Duration delay(int count) {
    return config.delivery().retryDelay().multipliedBy((long) Math.pow(RETRY_FACTOR, count - 1));
  }

  private void settle(JobDelivery delivery, JobResult mine, JobProgressReporter progress) {
    RetryPolicy<Object> untilStopped =
        RetryPolicy.builder()
            .withBackoff(SETTLE_PAUSE, LONGEST_SETTLE_PAUSE)
            .withMaxRetries(-1)
            .abortOn(InterruptedException.class)
            .abortIf((result, trouble) -> trouble != null && stopped.getCount() == 0)
            .onRetry(
                event ->
                    log.warn(
                        "The result of job {} cannot be published yet",
                        delivery.jobId(),
                        event.getLastException()))
            .build();
    Failsafe.with(untilStopped).run(() -> publish(delivery, mine, progress));
  }

  private void publish(JobDelivery delivery, JobResult mine, JobProgressReporter progress)
      throws InterruptedException {
    JobResult winner = results.claim(mine);
    if (winner instanceof JobResult.Failed failed) {
      outbox.bury(delivery, failed);
    }
    outbox.publish(winner, delivery.message().headers());
    metrics.ended(winner);
    if (winner instanceof JobResult.Failed failed) {
      progress.tell(State.FAILED, Optional.of(failed.code() + " " + failed.message()));
    } else {
      progress.tell(State.SUCCEEDED, Optional.empty());
    }
    log.info("Job {} is settled: {}", winner.jobId(), winner);
  }
}
