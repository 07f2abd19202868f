package io.refinery.worker;

import io.refinery.delivery.Attempt;
import io.refinery.delivery.Attempt.Doubtful;
import io.refinery.delivery.Attempt.Finished;
import io.refinery.delivery.Attempt.GivenBack;
import io.refinery.delivery.Delivery;
import io.refinery.delivery.DeliveryHandler;
import io.refinery.engine.DeviceFailedException;
import io.refinery.message.ErrorCode;
import io.refinery.message.Job;
import io.refinery.message.JobEvent.State;
import io.refinery.message.JobPriority;
import io.refinery.message.JobResult;
import io.refinery.message.ParsedMessage.Accepted;
import io.refinery.message.ParsedMessage.Rejected;
import io.refinery.message.Topics;
import io.refinery.registry.ModelVersion;
import io.refinery.telemetry.Tracing;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles a worker's deliveries of jobs. */
final class JobHandler implements DeliveryHandler<Job, JobResult, JobProgressReporter> {

  private static final Logger log = LoggerFactory.getLogger(JobHandler.class);

  private final String worker;
  private final Topics topics;
  private final JobWork work;
  private final ResultStore results;
  private final ResultPublisher publisher;
  private final JobWatch watch;
  private final WorkerMetrics metrics;
  private final Consumer<DeviceFailedException> lost;

  /**
   * @param worker the worker's name in events
   * @param lost called when the device fails, before the job is released
   */
  JobHandler(
      String worker,
      Topics topics,
      JobWork work,
      ResultStore results,
      ResultPublisher publisher,
      JobWatch watch,
      WorkerMetrics metrics,
      Consumer<DeviceFailedException> lost) {
    this.worker = worker;
    this.topics = topics;
    this.work = work;
    this.results = results;
    this.publisher = publisher;
    this.watch = watch;
    this.metrics = metrics;
    this.lost = lost;
  }

  @Override
  public JobProgressReporter begin(Delivery<Job> delivery) {
    metrics.taken(delivery);
    JobProgressReporter progress =
        new JobProgressReporter(publisher, delivery.id(), delivery.message().headers(), worker);
    progress.tell(State.ACCEPTED, Optional.empty());
    return progress;
  }

  @Override
  public Optional<JobResult> settled(Delivery<Job> delivery, JobProgressReporter progress) {
    return results.find(delivery.id());
  }

  @Override
  public Attempt<JobResult> attempt(
      Delivery<Job> delivery, JobProgressReporter progress, BooleanSupplier stopping)
      throws IOException, InterruptedException {
    if (delivery.content() instanceof Rejected<Job> rejected) {
      return new Finished<>(failed(delivery, progress, rejected.code(), rejected.message()));
    }
    Job job = ((Accepted<Job>) delivery.content()).request();
    Optional<EarlyEnd> late = EarlyEnd.OutOfTime.deadline(job, Instant.now());
    if (late.isPresent()) {
      return ended(delivery, late.get());
    }
    JobPriority priority = topics.priority(delivery.message().topic());
    WatchedTry watched = watch.watch(job);
    try (watched) {
      return new Finished<>(work.run(job, priority, progress, watched));
    } catch (DeviceFailedException e) {
      lost.accept(e);
      return new GivenBack<>(e.getMessage());
    } catch (JobFailure e) {
      if (watched.end().isPresent()) { // An interrupted read looks like a damaged bundle.
        return ended(delivery, watched.end().get());
      }
      log.info("Job {} fails: {} {}", delivery.id(), e.code(), e.getMessage());
      JobResult failure = failed(delivery, e.code(), e.getMessage(), e.model());
      return e.isDoubtful() ? new Doubtful<>(failure) : new Finished<>(failure);
    } catch (IOException | InterruptedException | RuntimeException e) {
      if (watched.end().isPresent()) {
        return ended(delivery, watched.end().get());
      }
      throw e;
    }
  }

  /**
   * @throws IOException when the job is to be tried again
   */
  private static Attempt<JobResult> ended(Delivery<Job> delivery, EarlyEnd end) throws IOException {
    if (end instanceof EarlyEnd.Settled settled) {
      log.info("Job {} stops, because it has a result: {}", delivery.id(), settled.result());
      return new Finished<>(settled.result());
    }
    if (end instanceof EarlyEnd.OutOfTime late) {
      log.info("Job {} fails: {} {}", delivery.id(), late.code(), late.sentence());
      return new Finished<>(failed(delivery, late.code(), late.sentence(), Optional.empty()));
    }
    throw new IOException(((EarlyEnd.Stalled) end).sentence());
  }

  @Override
  public JobResult.Failed failed(
      Delivery<Job> delivery, JobProgressReporter progress, ErrorCode code, String sentence) {
    return failed(delivery, code, sentence, Optional.empty());
  }

  private static JobResult.Failed failed(
      Delivery<Job> delivery, ErrorCode code, String sentence, Optional<ModelVersion> model) {
    return new JobResult.Failed(
        delivery.id(), code, sentence, Instant.now(), model, asked(delivery));
  }

  /** Returns the delivered job; empty if the message is not a job. */
  private static Optional<Job> asked(Delivery<Job> delivery) {
    return delivery.content() instanceof Accepted<Job> accepted
        ? Optional.of(accepted.request())
        : Optional.empty();
  }

  @Override
  public void settle(Delivery<Job> delivery, JobProgressReporter progress, JobResult mine) {
    // Another job's result is not claimed again: somebody may just have deleted it.
    JobResult winner = mine.answers(asked(delivery)) ? results.claim(mine) : mine;
    results.discard(progress.uploaded(), winner);
    if (!winner.answers(asked(delivery))) {
      refuse(delivery, progress, winner);
      return;
    }
    if (winner instanceof JobResult.Failed failed && failed.code() != ErrorCode.CANCELLED) {
      publisher.sendToDeadLetter(delivery, failed);
    }
    publisher.publish(winner, delivery.message().headers());
    metrics.ended(winner);
    describe(winner);
    if (winner instanceof JobResult.Failed failed) {
      progress.failed(failed);
    } else {
      progress.tell(State.SUCCEEDED, Optional.empty());
    }
    log.info("Job {} has ended: {}", winner.jobId(), winner);
  }

  /** Describes a result in the delivery's span. */
  private static void describe(JobResult result) {
    if (result instanceof JobResult.Failed failed) {
      Tracing.describe("refinery.code", failed.code().name());
      Tracing.fail(failed.message());
    }
  }

  /**
   * Ends a message whose id stands for another job. It gets no result, because the only one of its
   * id is the other job's.
   */
  private void refuse(Delivery<Job> delivery, JobProgressReporter progress, JobResult others) {
    String used =
        "The id '%s' already stands for another job, %s, whose result is %s. Use another id."
            .formatted(
                delivery.id(),
                others
                    .job()
                    .map(JobHandler::described)
                    .orElse("which failed because its message was not a job"),
                results.claim(delivery.id()));
    JobResult.Failed refusal =
        delivery.content() instanceof Rejected<Job> rejected
            ? failed(delivery, progress, rejected.code(), rejected.message() + " " + used)
            : failed(delivery, progress, ErrorCode.ID_ALREADY_USED, used);
    publisher.sendToDeadLetter(delivery, refusal);
    metrics.ended(refusal);
    describe(refusal);
    progress.tell(State.REFUSED, Optional.of(refusal.code() + " " + refusal.message()));
    log.info("Refused the message at {}: {}", delivery.origin(), refusal.message());
  }

  private static String described(Job job) {
    return job.input()
        + " with "
        + job.model()
        + job.format().map(format -> " as " + format).orElse("")
        + (job.images().isEmpty() ? "" : ", images " + job.images());
  }

  @Override
  public void waits(Delivery<Job> delivery, JobProgressReporter progress, String reason) {
    progress.tell(State.ACCEPTED, Optional.of("Waiting for an outage to end: " + reason));
  }

  @Override
  public void released(Delivery<Job> delivery, JobProgressReporter progress, String reason) {
    progress.tell(State.RELEASED, Optional.of(reason));
    metrics.deliveries().givenBack();
  }

  @Override
  public void end(Delivery<Job> delivery, JobProgressReporter progress) {
    metrics.left();
  }
}
