package io.refinery.worker;

import io.refinery.broker.BrokerConfig;
import io.refinery.bundle.BundleLimits;
import io.refinery.delivery.Retries;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Precision;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * How a worker works.
 *
 * @param name what it calls itself in events and logs, unlike every other worker's
 * @param broker where jobs come from
 * @param delivery how jobs are taken
 * @param bucket where models are and results go
 * @param allowedBuckets which jobs may read from
 * @param limits what a bundle may be
 * @param batchSize images refined at a time, at least 1; fewer where images are large or so many do
 *     not fit into the device's memory; empty for what the refiner is fastest with
 * @param engine an engine's name, or {@code auto}
 * @param device that it computes on; one worker of a machine has a GPU
 * @param precision that the engine computes in
 * @param engineOptions of all engines
 * @param models how new versions are found
 * @param workFolder for bundles on their way and for a cache of models; needs room for {@code
 *     delivery.jobsAtATime} times an input, its output and the output read back
 * @param status where metrics and health are served over HTTP; empty for nowhere
 */
public record WorkerConfig(
    String name,
    BrokerConfig broker,
    Delivery delivery,
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
   * How jobs are taken.
   *
   * @param group the share group: workers of one group share the jobs
   * @param lock how long a job stays with a worker that shows no sign of life; brokers allow 15 to
   *     60 seconds by default
   * @param deliveries how often a job is delivered at most, 2 to 10; the last delivery only reports
   *     that the others failed
   * @param retryDelay before a job that failed for a transient reason is given back; four times as
   *     long with every further delivery, up to a minute
   * @param jobsAtATime one is refined while the next ones are fetched, at least 1
   * @param grace how long a job may still run when the worker stops; then it is given back
   */
  public record Delivery(
      String group,
      Duration lock,
      int deliveries,
      Duration retryDelay,
      int jobsAtATime,
      Duration grace) {

    private static final Duration LONGEST_RETRY_DELAY = Duration.ofMinutes(1);

    public static final Delivery DEFAULT =
        new Delivery(
            "refinery-workers",
            Duration.ofSeconds(30),
            5,
            Duration.ofSeconds(2),
            2,
            Duration.ofSeconds(10));

    /** An outage counts as a try: another worker may still reach the store. */
    Retries retries() {
      return new Retries(deliveries, retryDelay, LONGEST_RETRY_DELAY, Duration.ZERO);
    }

    public Delivery {
      if (deliveries < 2 || deliveries > 10) {
        throw new IllegalArgumentException(
            "A job is delivered at most 2 to 10 times, not " + deliveries);
      }
      if (jobsAtATime < 1) {
        throw new IllegalArgumentException(
            "A worker takes at least 1 job at a time, not " + jobsAtATime);
      }
    }
  }

  /**
   * How new versions of models are found.
   *
   * @param poll how often channels are looked up in storage
   * @param bell whether to listen to {@code refinery.models} besides
   * @param kept how many refiners that no job uses stay in memory
   */
  public record Models(Duration poll, boolean bell, int kept) {
    public static final Models DEFAULT = new Models(Duration.ofSeconds(60), true, 3);
  }

  public WorkerConfig {
    allowedBuckets = Set.copyOf(allowedBuckets);
    if (batchSize.isPresent() && batchSize.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "A batch has at least 1 image, not " + batchSize.getAsInt());
    }
  }

  /** Everything by default: the fastest engine on the processor, one bucket, no port. */
  public static WorkerConfig of(BrokerConfig broker, String bucket, Path workFolder) {
    return new WorkerConfig(
        randomName(),
        broker,
        Delivery.DEFAULT,
        bucket,
        Set.of(bucket),
        BundleLimits.DEFAULT,
        OptionalInt.empty(),
        EngineSelection.AUTO,
        Device.cpu(),
        Precision.FULL,
        EngineOptions.DEFAULTS,
        Models.DEFAULT,
        workFolder,
        Optional.empty());
  }

  /** A name that no other worker has. */
  public static String randomName() {
    return "worker-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
