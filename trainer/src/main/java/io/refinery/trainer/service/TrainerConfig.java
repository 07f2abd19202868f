package io.refinery.trainer.service;

import io.refinery.broker.BrokerConfig;
import io.refinery.broker.ShareGroup;
import io.refinery.delivery.Retries;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.storage.AllowedObjects;
import io.refinery.trainer.gate.GateSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The settings of a trainer service. A process trains one model at a time on one device.
 *
 * @param name the trainer's name in events and logs, unique among trainers
 * @param broker the broker of the requests
 * @param group the share group; its trainers share the requests, and the last delivery only reports
 *     that the others failed
 * @param retryDelay the pause before retrying after a transient failure; four times as long with
 *     every further failure, up to a minute
 * @param bucket the bucket of models and checkpoints
 * @param allowedBuckets what requests may read: buckets, and prefixes as {@code bucket/prefix}
 * @param engine the engine's name, or {@code auto}
 * @param engineOptions options of all engines
 * @param gate the gate that may move a channel to a published version
 * @param workFolder the folder of trainings' files and of the cache of bundles and models
 * @param status the address that serves metrics and health over HTTP; empty for none
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

  /** The most deliveries that a broker allows. */
  private static final int DELIVERIES = 10;

  private static final Duration LOCK = Duration.ofSeconds(30);

  private static final Duration LONGEST_RETRY_DELAY = Duration.ofMinutes(1);

  private static final Duration LONGEST_OUTAGE = Duration.ofDays(365);

  public static final Duration RETRY_DELAY = Duration.ofSeconds(2);

  public TrainerConfig {
    allowedBuckets = Set.copyOf(allowedBuckets);
    AllowedObjects.of(allowedBuckets);
    if (group.deliveries() < 3) {
      throw new IllegalArgumentException(
          "The number of deliveries must be at least 3, not " + group.deliveries());
    }
  }

  /** Returns a group with the default lock and number of deliveries. */
  public static ShareGroup group(String name) {
    return new ShareGroup(name, LOCK, DELIVERIES);
  }

  /**
   * Outages are waited out, because another trainer would have to read the checkpoint and all data
   * again.
   */
  Retries retries() {
    return new Retries(group.deliveries(), retryDelay, LONGEST_RETRY_DELAY, LONGEST_OUTAGE);
  }

  /** Returns a name that no other trainer has. */
  public static String randomName() {
    return "trainer-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
