package io.refinery.console.exporter;

import io.refinery.broker.Backlog;
import io.refinery.message.JobPriority;
import java.time.Instant;
import java.util.Map;

/**
 * What waited on the broker at one moment.
 *
 * @param jobs those that no worker has finished, for every priority
 * @param trainings requests that no trainer has finished
 * @param deadLetters letters on the topic of dead letters
 */
record BacklogReading(
    Instant at, Map<JobPriority, Backlog> jobs, Backlog trainings, long deadLetters) {

  BacklogReading {
    jobs = Map.copyOf(jobs);
  }

  /**
   * Returns the age of the oldest message in seconds, 0 if there is none and NaN if it could not be
   * read.
   */
  static double oldestSeconds(Backlog backlog, Instant now) {
    return backlog.records() == 0
        ? 0
        : backlog
            .oldest()
            .map(oldest -> Math.max(0, (now.toEpochMilli() - oldest.toEpochMilli()) / 1e3))
            .orElse(Double.NaN);
  }

  /** Returns whether the age of a message could not be read. */
  boolean lacksAge() {
    return jobs.values().stream().anyMatch(BacklogReading::lacksAge) || lacksAge(trainings);
  }

  private static boolean lacksAge(Backlog backlog) {
    return backlog.records() > 0 && backlog.oldest().isEmpty();
  }
}
