package io.refinery.worker;

import io.refinery.message.ErrorCode;
import io.refinery.message.Job;
import io.refinery.message.JobResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Why a try of a job ends before its work is done. */
sealed interface EarlyEnd {

  /** The job has a result: it was cancelled, or another worker was faster. */
  record Settled(JobResult result) implements EarlyEnd {}

  /**
   * The job has run out of time, and fails.
   *
   * @param sentence the failed result's message
   */
  record OutOfTime(ErrorCode code, String sentence) implements EarlyEnd {

    /** Returns the end of a job whose deadline has passed. */
    static Optional<EarlyEnd> deadline(Job job, Instant now) {
      return job.deadline()
          .filter(now::isAfter)
          .map(
              deadline ->
                  new OutOfTime(
                      ErrorCode.DEADLINE_PASSED,
                      "The job had no result at its deadline, %s.".formatted(deadline)));
    }

    /** Returns the end of a job that runs for longer than a worker lets it. */
    static Optional<EarlyEnd> limit(Duration ran, Optional<Duration> limit) {
      return limit
          .filter(most -> ran.compareTo(most) > 0)
          .map(
              most ->
                  new OutOfTime(
                      ErrorCode.TIME_LIMIT,
                      "The job ran for %s, the most that refinery.worker.time-limit allows."
                          .formatted(most)));
    }
  }

  /**
   * The try makes no progress, so it fails, and the job is tried again.
   *
   * @param sentence says where it hangs
   */
  record Stalled(String sentence) implements EarlyEnd {}
}
