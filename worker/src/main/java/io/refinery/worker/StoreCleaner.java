package io.refinery.worker;

import io.refinery.status.ServiceThread;
import io.refinery.storage.StorageException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sweeps the store at startup and then periodically, in turns with other processes. */
public final class StoreCleaner implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StoreCleaner.class);

  /** How long to wait before asking whether a sweep is due. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  private final ServiceThread thread;

  private StoreCleaner(StoreSweep sweep, Duration interval) {
    this.thread = new ServiceThread("refinery-sweep", running -> round(sweep, interval, running));
  }

  /**
   * Starts a cleaner.
   *
   * @param sweep uses a store that stays open until the cleaner is closed
   * @param interval time between two sweeps of all processes; zero for never
   */
  public static StoreCleaner start(StoreSweep sweep, Duration interval) {
    StoreCleaner cleaner = new StoreCleaner(sweep, interval);
    if (!interval.isZero()) {
      cleaner.thread.start();
    }
    return cleaner;
  }

  private static void round(StoreSweep sweep, Duration interval, ServiceThread thread)
      throws InterruptedException {
    try {
      sweep.runInTurn(interval, thread::isStopping);
    } catch (StorageException e) {
      if (!thread.isStopping()) {
        log.warn("The store was not swept: {}", e.getMessage());
      }
    }
    thread.awaitStop(interval.compareTo(LONGEST_PAUSE) < 0 ? interval : LONGEST_PAUSE);
  }

  /** Returns at once: a sweep that waits for a store must not delay the end of a process. */
  @Override
  public void close() {
    thread.stop();
  }
}
