package io.refinery.console.work;

import io.refinery.broker.Backlog;
import io.refinery.broker.BacklogReader;
import io.refinery.broker.BrokerException;
import io.refinery.status.ServiceThread;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a worker when its group has had no job for a while, neither waiting nor in hand. While the
 * broker cannot be read, jobs may wait, so the time begins again.
 */
final class EmptyQueueWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EmptyQueueWatch.class);

  /** Jobs are read this often, or several times in a shorter time of patience. */
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private static final int READINGS = 5;
  private static final Duration SHORTEST = Duration.ofMillis(100);

  private final LongSupplier jobs;
  private final Duration patience;
  private final Runnable end;
  private final LongSupplier nanos;
  private final ServiceThread thread = new ServiceThread("refinery-empty", this::look);
  private OptionalLong emptySince = OptionalLong.empty();

  /**
   * Starts to watch the jobs of a group.
   *
   * @param reader used on this watch's thread; the caller closes it after this
   * @param patience how long there must have been no job
   * @param end called once there has been none for so long; may be called again
   */
  static EmptyQueueWatch start(
      BacklogReader reader, String group, Duration patience, Runnable end) {
    EmptyQueueWatch watch =
        new EmptyQueueWatch(
            () -> Backlog.of(reader.jobs(group).values()).records(),
            patience,
            end,
            System::nanoTime);
    watch.thread.start();
    return watch;
  }

  /**
   * @param jobs reads the number of jobs
   * @param nanos a clock
   */
  EmptyQueueWatch(LongSupplier jobs, Duration patience, Runnable end, LongSupplier nanos) {
    this.jobs = jobs;
    this.patience = patience;
    this.end = end;
    this.nanos = nanos;
  }

  private void look(ServiceThread self) throws InterruptedException {
    look();
    Duration several = patience.dividedBy(READINGS);
    Duration pause = several.compareTo(PERIOD) < 0 ? several : PERIOD;
    self.awaitStop(pause.compareTo(SHORTEST) < 0 ? SHORTEST : pause);
  }

  /** Reads once, and ends the worker if it is time. */
  void look() {
    try {
      if (jobs.getAsLong() > 0) {
        emptySince = OptionalLong.empty();
        return;
      }
    } catch (BrokerException e) {
      log.debug("Cannot read whether jobs wait", e);
      emptySince = OptionalLong.empty();
      return;
    }
    long now = nanos.getAsLong();
    long since = emptySince.orElse(now);
    emptySince = OptionalLong.of(since);
    if (now - since >= patience.toNanos()) {
      log.info("There has been no job for {}; the worker ends", patience);
      end.run();
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
