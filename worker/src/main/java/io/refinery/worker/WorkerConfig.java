package io.refinery.worker;

import io.refinery.broker.BrokerConfig;
import io.refinery.bundle.BundleLimits;
import io.refinery.delivery.Retries;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Precision;
import io.refinery.registry.ModelReference;
import io.refinery.registry.TrustedKeys;
import io.refinery.storage.AllowedObjects;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * The settings of a worker.
 *
 * @param name the worker's name in events and logs, unique among workers
 * @param broker the broker of the jobs
 * @param delivery settings for taking jobs
 * @param timeLimits how long a job may run
 * @param bucket the bucket of models and results
 * @param allowedBuckets what jobs may read: buckets, and prefixes as {@code bucket/prefix}
 * @param limits limits on bundles
 * @param batchSize images to refine at a time, at least 1; reduced for large images and when a
 *     batch does not fit into the device's memory; empty for the size that the refiner is fastest
 *     with
 * @param engine the engine's name, or {@code auto}
 * @param device the device to compute on; only one worker of a machine may use a GPU
 * @param precision the precision to compute in
 * @param engineOptions options of all engines
 * @param models settings for finding new versions
 * @param workFolder the folder of jobs' bundles and the model cache; needs space for twice {@code
 *     delivery.jobsAtATime} times an input, its output and the output read back
 * @param status the address that serves metrics and health over HTTP; empty for none
 */
public record WorkerConfig(
    String name,
    BrokerConfig broker,
    Delivery delivery,
    TimeLimits timeLimits,
    String bucket,
    Set<String> allowedBuckets,
    BundleLimits limits,
    OptionalInt batchSize,
    String engine,
    Device device,
    Precision precision,
    EngineOptions engineOptions,
    Models models,
    Path workFolder,
    Optional<InetSocketAddress> status) {

  /**
   * Settings for taking jobs.
   *
   * @param group the share group: workers of one group share the jobs
   * @param lock how long a worker keeps a job without renewing its lock; brokers allow 15 to 60
   *     seconds by default
   * @param deliveries the most deliveries per job, 2 to 10; the last one only reports that the
   *     others failed
   * @param retryDelay the pause before a job that failed for a transient reason is released; four
   *     times as long with every further delivery, up to a minute
   * @param jobsAtATime jobs of each priority to hold at once, at least 1: one is refined while the
   *     next are fetched
   * @param grace how long a job may keep running when the worker stops, before it is released
   */
  public record Delivery(
      String group,
      Duration lock,
      int deliveries,
      Duration retryDelay,
      int jobsAtATime,
      Duration grace) {

    private static final Duration LONGEST_RETRY_DELAY = Duration.ofMinutes(1);
    private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(30);

    public static final Delivery DEFAULT =
        new Delivery(
            "refinery-workers",
            Duration.ofSeconds(30),
            5,
            Duration.ofSeconds(5),
            2,
            Duration.ofSeconds(10));

    /** Only a brief outage is waited out with a job: another worker may still reach the store. */
    Retries retries() {
      return new Retries(deliveries, retryDelay, LONGEST_RETRY_DELAY, LONGEST_OUTAGE);
    }

    public Delivery {
      if (deliveries < 2 || deliveries > 10) {
        throw new IllegalArgumentException(
            "The number of deliveries must be 2 to 10, not " + deliveries);
      }
      if (jobsAtATime < 1) {
        throw new IllegalArgumentException(
            "The number of jobs at a time must be at least 1, not " + jobsAtATime);
      }
    }
  }

  /**
   * How long a job may run.
   *
   * @param job the most time of one try, after which the job fails; empty for no limit
   * @param stall the most time without progress, after which the try fails; if it does not end then
   *     either, the worker gives up after half as much again
   */
  public record TimeLimits(Optional<Duration> job, Duration stall) {

    public static final TimeLimits DEFAULT =
        new TimeLimits(Optional.empty(), Duration.ofMinutes(10));

    public TimeLimits {
      if (job.filter(limit -> limit.isZero() || limit.isNegative()).isPresent()) {
        throw new IllegalArgumentException("The time limit must be positive, not " + job.get());
      }
      if (stall.isZero() || stall.isNegative()) {
        throw new IllegalArgumentException("The stall limit must be positive, not " + stall);
      }
    }

    /** Returns the time without progress after which a try hangs for ever. */
    Duration stuck() {
      return stall.multipliedBy(3).dividedBy(2);
    }
  }

  /**
   * Settings for finding new model versions.
   *
   * @param poll interval at which channels are looked up in storage
   * @param announcements whether to listen to {@code refinery.models} as well
   * @param kept number of unused refiners to keep in memory
   * @param trusted keys one of which must have signed a version; none to accept every version
   * @param warm models to load at startup; the worker is not ready before
   */
  public record Models(
      Duration poll,
      boolean announcements,
      int kept,
      TrustedKeys trusted,
      Set<ModelReference> warm) {
    public static final Models DEFAULT = new Models(Duration.ofSeconds(60), true, 3);

    public Models {
      warm = Set.copyOf(warm);
    }

    /** Accepts every version, and loads none at startup. */
    public Models(Duration poll, boolean announcements, int kept) {
      this(poll, announcements, kept, TrustedKeys.NONE, Set.of());
    }
  }

  public WorkerConfig {
    allowedBuckets = Set.copyOf(allowedBuckets);
    AllowedObjects.of(allowedBuckets);
    if (batchSize.isPresent() && batchSize.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "The batch size must be at least 1, not " + batchSize.getAsInt());
    }
  }

  /** Returns the default settings: the fastest engine on the CPU, one bucket, no status port. */
  public static WorkerConfig of(BrokerConfig broker, String bucket, Path workFolder) {
    return new WorkerConfig(
        randomName(),
        broker,
        Delivery.DEFAULT,
        TimeLimits.DEFAULT,
        bucket,
        Set.of(bucket),
        BundleLimits.DEFAULT.withPixels(ImageMemory.pixels()),
        OptionalInt.empty(),
        EngineSelection.AUTO,
        Device.cpu(),
        Precision.FULL,
        EngineOptions.DEFAULTS,
        Models.DEFAULT,
        workFolder,
        Optional.empty());
  }

  /** Returns a name that no other worker has. */
  public static String randomName() {
    return "worker-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
