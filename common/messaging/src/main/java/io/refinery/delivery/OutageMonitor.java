package io.refinery.delivery;

import io.refinery.broker.BrokerCheck;
import io.refinery.status.ServiceThread;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether a service can use its broker, its store and its disk. An outage belongs to the
 * service and not to the request that met it: meanwhile the service takes no requests and is DOWN.
 *
 * <p>It checks periodically, one thread at a time, and at once when a request has failed. Until the
 * first check has passed there is an outage, so that a service may start before its store.
 */
public final class OutageMonitor implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(OutageMonitor.class);

  private static final Optional<String> UNCHECKED =
      Optional.of("The broker and the store are not checked yet.");

  /** Uses the broker, the store and the disk as requests do. */
  @FunctionalInterface
  interface Check {

    /**
     * @param suspected whether a request has failed or an outage is on, so that the check must also
     *     write, and look for room on the disk
     * @throws Exception when one of them cannot be used
     */
    void run(boolean suspected) throws Exception;
  }

  private final Check check;
  private final Duration period;
  private final Duration pause;
  private final ServiceThread thread = new ServiceThread("refinery-outages", this::watch);
  private final Object checking = new Object();
  private Optional<String> outage = UNCHECKED;
  private long outages;

  /**
   * Returns a monitor that checks every 15 seconds, and every 2 seconds during an outage.
   *
   * @param workFolder where the service keeps requests' files; may be missing
   */
  public static OutageMonitor of(BrokerCheck broker, StoreAccess store, Path workFolder) {
    WorkDisk disk = WorkDisk.of(workFolder);
    Check check =
        suspected -> {
          broker.requireAnswer();
          store.check(suspected);
          if (suspected) {
            disk.requireRoom();
          }
        };
    return new OutageMonitor(check, Duration.ofSeconds(15), Duration.ofSeconds(2));
  }

  /**
   * @param period time between two checks while all is well
   * @param pause time between two checks during an outage
   */
  OutageMonitor(Check check, Duration period, Duration pause) {
    this.check = check;
    this.period = period;
    this.pause = pause;
  }

  /** Checks for the first time, and then periodically. */
  public OutageMonitor start() {
    try {
      boolean unused = check(false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.start();
    return this;
  }

  private void watch(ServiceThread self) throws InterruptedException {
    if (!self.awaitStop(isOutage() ? pause : period)) {
      check(isOutage());
    }
  }

  /**
   * Checks after the failure of a request, and returns whether there is an outage.
   *
   * @throws InterruptedException when the caller is interrupted during the check
   */
  boolean confirm() throws InterruptedException {
    return check(true);
  }

  private boolean check(boolean suspected) throws InterruptedException {
    synchronized (checking) {
      Optional<String> found;
      try {
        check.run(suspected);
        found = Optional.empty();
      } catch (InterruptedException | InterruptException e) {
        throw e;
      } catch (Exception e) {
        found = Optional.of(Failures.described(e));
      }
      set(found);
      return found.isPresent();
    }
  }

  private synchronized void set(Optional<String> found) {
    if (found.isPresent() && !found.equals(outage)) {
      log.warn("Taking no requests during an outage: {}", found.get());
    } else if (found.isEmpty() && outage.isPresent() && !outage.equals(UNCHECKED)) {
      log.info("The outage has ended; taking requests again");
    }
    if (found.isPresent() && (outage.isEmpty() || outage.equals(UNCHECKED))) {
      outages++;
    }
    outage = found;
  }

  /** Returns the number of outages so far. */
  public synchronized long count() {
    return outages;
  }

  /** Returns whether there is an outage. */
  public synchronized boolean isOutage() {
    return outage.isPresent();
  }

  /** Returns what is wrong, in a sentence; empty if all is well. */
  public synchronized Optional<String> outage() {
    return outage;
  }

  /** Returns whether the monitor still works. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  @Override
  public void close() {
    thread.close();
  }
}
