package io.refinery.console.exporter;

import io.refinery.broker.Backlog;
import io.refinery.message.JobPriority;
import io.refinery.status.Health;
import io.refinery.status.Status;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The figures as JSON. Its fields are documented in {@code docs/observing.md} and stay as they are:
 * scalers read them by name.
 *
 * @param readAt when the broker was read
 */
record BacklogPage(Status status, Instant readAt, Jobs jobs, Requests trainings, long deadLetters)
    implements Health {

  /**
   * All jobs, and those of each priority.
   *
   * @param oldestSeconds age of the oldest; empty if it could not be read
   */
  record Jobs(long count, Optional<Double> oldestSeconds, Requests high, Requests normal) {}

  /**
   * @param oldestSeconds age of the oldest; empty if it could not be read
   */
  record Requests(long count, Optional<Double> oldestSeconds) {

    static Requests of(Backlog backlog, Instant now) {
      return new Requests(
          backlog.records(),
          Optional.of(BacklogReading.oldestSeconds(backlog, now)).filter(age -> !age.isNaN()));
    }
  }

  static BacklogPage of(BacklogReading reading, Instant now) {
    Map<JobPriority, Backlog> jobs = reading.jobs();
    Requests high = Requests.of(jobs.get(JobPriority.HIGH), now);
    Requests normal = Requests.of(jobs.get(JobPriority.NORMAL), now);
    Optional<Double> oldest =
        Stream.of(high, normal).anyMatch(one -> one.oldestSeconds().isEmpty())
            ? Optional.empty()
            : Stream.of(high, normal)
                .flatMap(one -> one.oldestSeconds().stream())
                .max(Double::compare);
    return new BacklogPage(
        Status.UP,
        reading.at(),
        new Jobs(high.count() + normal.count(), oldest, high, normal),
        Requests.of(reading.trainings(), now),
        reading.deadLetters());
  }
}
