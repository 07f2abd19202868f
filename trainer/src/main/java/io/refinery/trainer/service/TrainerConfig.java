package io.refinery.trainer.service;

import io.refinery.broker.BrokerConfig;
import io.refinery.broker.ShareGroup;
import io.refinery.delivery.Retries;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.trainer.gate.GateSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * How a trainer service works. One process trains one model at a time, on one device.
 *
 * @param name what it calls itself in events and logs, unlike every other trainer's
 * @param broker where requests come from
 * @param group trainers of one group share the requests; one delivery of the last only reports that
 *     the others failed
 * @param retryDelay before something is tried again that failed for a passing reason; four times as
 *     long with every further failure, up to a minute
 * @param bucket where models and checkpoints go
 * @param allowedBuckets which requests may read from
 * @param engine its name, or {@code auto}
 * @param engineOptions of all engines
 * @param gate that may move a channel to what was published
 * @param workFolder for trainings' files and a cache of bundles and models
 * @param status where metrics and health are served over HTTP; empty for nowhere
 */
public record TrainerConfig(
    String name,
    BrokerConfig broker,
    ShareGroup group,
    Duration retryDelay,
    String bucket,
    Set<String> allowedBuckets,
    String engine,
    Device device,
    EngineOptions engineOptions,
    GateSettings gate,
    Path workFolder,
    Optional<InetSocketAddress> status) {

  public static final String DEFAULT_GROUP = "refinery-trainers";

  /** As often as a broker delivers a record at most. */
  private static final int DELIVERIES = 10;

  private static final Duration LOCK = Duration.ofSeconds(30);

  private static final Duration LONGEST_RETRY_DELAY = Duration.ofMinutes(1);

  private static final Duration LONGEST_OUTAGE = Duration.ofDays(365);

  public static final Duration RETRY_DELAY = Duration.ofSeconds(2);

  public TrainerConfig {
    allowedBuckets = Set.copyOf(allowedBuckets);
    if (group.deliveries() < 3) {
      throw new IllegalArgumentException(
          "A request is delivered at least 3 times, not " + group.deliveries());
    }
  }

  /** The usual lock and number of deliveries. */
  public static ShareGroup group(String name) {
    return new ShareGroup(name, LOCK, DELIVERIES);
  }

  /**
   * An outage is waited out: another trainer would have to read the whole checkpoint and the data
   * again.
   */
  Retries retries() {
    return new Retries(group.deliveries(), retryDelay, LONGEST_RETRY_DELAY, LONGEST_OUTAGE);
  }

  /** A name that no other trainer has. */
  public static String randomName() {
    return "trainer-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
