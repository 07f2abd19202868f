package io.refinery.faults;

import io.refinery.broker.BrokerConfig;
import io.refinery.bundle.BundleLimits;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Precision;
import io.refinery.engine.RefiningEngine;
import io.refinery.storage.MinioStorage;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageConfig;
import io.refinery.worker.Worker;
import io.refinery.worker.WorkerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program of a worker's process. It stops in good order on SIGTERM. */
final class WorkerMain {

  private static final Logger log = LoggerFactory.getLogger(WorkerMain.class);

  /** Short, so that the jobs of a suspended worker go elsewhere while it is suspended. */
  static final Duration LOCK = Duration.ofSeconds(5);

  static final Duration GRACE = Duration.ofSeconds(2);
  static final String GROUP = "faults-workers";
  static final BundleLimits LIMITS = new BundleLimits(8 << 20, 64, 10_000, 1000);

  private static final int DELIVERIES = 5;
  private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

  private WorkerMain() {}

  /**
   * Runs a worker.
   *
   * @param args a {@link WorkerSetup}
   */
  public static void main(String[] args) throws InterruptedException {
    WorkerSetup setup = WorkerSetup.parse(args);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(asked, ended), "stop"));
    Thread parent = new Thread(WorkerMain::awaitParent, "parent");
    parent.setDaemon(true);
    parent.start();
    try (ObjectStorage storage =
            new MinioStorage(
                new StorageConfig(
                    setup.store(),
                    StorageConfig.DEFAULT_REGION,
                    setup.accessKey(),
                    setup.secretKey()));
        Worker worker = Worker.start(config(setup), storage, engine(setup))) {
      asked.await();
      log.info("Stopping while {}", worker.health().status());
    } finally {
      ended.countDown();
    }
  }

  private static EngineSelection<RefiningEngine> engine(WorkerSetup setup) {
    NegatingEngine engine = new NegatingEngine(setup.microsPerImage());
    return new EngineSelection<>(engine, Device.cpu(), Precision.FULL, engine.name());
  }

  private static WorkerConfig config(WorkerSetup setup) {
    return new WorkerConfig(
        WorkerConfig.randomName(),
        new BrokerConfig(
            Map.of("bootstrap.servers", setup.bootstrapServers()),
            setup.topics(),
            1,
            (short) Broker.NODES),
        new WorkerConfig.Delivery(GROUP, LOCK, DELIVERIES, RETRY_DELAY, 2, GRACE),
        WorkerConfig.TimeLimits.DEFAULT,
        setup.bucket(),
        Set.of(setup.bucket()),
        LIMITS,
        OptionalInt.of(16),
        "negating",
        Device.cpu(),
        Precision.FULL,
        EngineOptions.DEFAULTS,
        WorkerConfig.Models.DEFAULT,
        setup.folder(),
        Optional.empty());
  }

  private static void stop(CountDownLatch asked, CountDownLatch ended) {
    asked.countDown();
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitParent() {
    try {
      while (System.in.read() != -1) {
        // Only the end of the input matters.
      }
    } catch (IOException e) {
      // The same as the end.
    }
    Runtime.getRuntime().halt(0);
  }
}
