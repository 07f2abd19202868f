package io.refinery.faults;

import io.refinery.broker.TopicSetup;
import io.refinery.image.Preprocessing;
import io.refinery.json.Json;
import io.refinery.message.Topics;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.InitialWeights;
import io.refinery.network.OnnxRefiner;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Safetensors;
import io.refinery.network.Weights;
import io.refinery.registry.ChannelMover;
import io.refinery.registry.Manifest;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.MoveReason;
import io.refinery.registry.VersionDraft;
import io.refinery.storage.MinioStorage;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Broker, store, proxy and workers, and what can be done to them. */
final class FaultedSystem implements AutoCloseable {

  static final Topics TOPICS = new Topics("faults.");
  static final String BUCKET = "faults";
  static final int WORKERS = 3;
  static final ModelReference MODEL = ModelReference.parse("eyes@stable");

  private static final Logger log = LoggerFactory.getLogger(FaultedSystem.class);

  private static final RefinerNetwork NETWORK = new RefinerNetwork(1, 3, 4, 1);

  /** Far more than the data of a run, and enough for a few of Kafka's segments. */
  private static final int NODE_MEBIBYTES = 128;

  private static final int WORKER_MEBIBYTES = 64;

  /** A full disk harms nobody before the next job or the end of a page of a log. */
  private static final Duration LONGER = Duration.ofSeconds(10);

  /** How soon something else takes the room that a failed write gives back. */
  private static final Duration REFILL = Duration.ofMillis(100);

  private final Path folder;
  private final Broker broker;
  private final StoreServer store;
  private final FaultProxy proxy;
  private final List<WorkerProcess> workers = new ArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger faults = new AtomicInteger();
  private final AtomicInteger leftOut = new AtomicInteger();
  private final Optional<SmallDisk> nodeDisk;
  private Optional<SmallDisk> workerDisk = Optional.empty();
  private Duration longestStop = Duration.ZERO;

  private FaultedSystem(
      Path folder,
      Broker broker,
      Optional<SmallDisk> nodeDisk,
      StoreServer store,
      FaultProxy proxy) {
    this.folder = folder;
    this.broker = broker;
    this.nodeDisk = nodeDisk;
    this.store = store;
    this.proxy = proxy;
  }

  /**
   * Starts everything but the workers.
   *
   * @param home folder of the embedded servers' program
   * @param folder for data and logs, which is new
   */
  static FaultedSystem start(Path home, Path folder, long seed) throws Exception {
    List<SmallDisk> disks = new ArrayList<>();
    // Only the first, so that the data of the others remain to be looked at.
    Broker.NodeSetup first =
        node -> {
          if (node.index() == 0) {
            SmallDisk.mount(node.data(), NODE_MEBIBYTES).ifPresent(disks::add);
          }
        };
    Broker broker = Broker.start(home, folder.resolve("broker"), first);
    try {
      StoreServer store = StoreServer.start(home, folder.resolve("store"));
      FaultProxy proxy = FaultProxy.start(store::endpoint, seed);
      FaultedSystem system =
          new FaultedSystem(folder, broker, disks.stream().findFirst(), store, proxy);
      try (Admin admin =
          Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()))) {
        new TopicSetup(admin, TOPICS).ensureTopics(1, (short) Broker.NODES);
      }
      return system;
    } catch (Exception | Error e) {
      broker.close();
      disks.forEach(SmallDisk::close);
      throw e;
    }
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** Returns a client that reaches the store directly; the caller closes it. */
  ObjectStorage storage() {
    ObjectStorage storage =
        new MinioStorage(
            new StorageConfig(
                store.endpoint(),
                StorageConfig.DEFAULT_REGION,
                store.accessKey(),
                store.secretKey()));
    storage.ensureBucket(BUCKET);
    return storage;
  }

  /** Publishes the model that all jobs name. */
  void publish(ObjectStorage storage, long seed) throws IOException {
    Weights weights = InitialWeights.draw(NETWORK.parameters(), new Random(seed));
    Path safetensors = folder.resolve("model.safetensors");
    Path onnx = folder.resolve("model.onnx");
    Safetensors.write(weights, Map.of(), safetensors);
    OnnxRefiner.write(NETWORK, weights, onnx);
    ModelRegistry registry = new ModelRegistry(storage, BUCKET, ModelRegistry.PREFIX);
    ModelVersion version =
        registry.publish(
            new VersionDraft(
                "eyes",
                NETWORK,
                DiscriminatorNetwork.eyes(),
                Inputs.SHAPE,
                Preprocessing.NONE,
                Json.mapper().createObjectNode(),
                Map.of(),
                "none",
                Optional.empty(),
                Map.of(Manifest.REFINER_WEIGHTS, safetensors, Manifest.REFINER_ONNX, onnx)));
    MoveReason reason = new MoveReason(MoveReason.Cause.PROMOTION, "the fault suite", "");
    new ChannelMover(registry, (moved, channel, pointer) -> {})
        .move("eyes", "stable", version.number(), reason);
  }

  /**
   * @param microsPerImage duration of refining one image, in microseconds
   */
  void startWorkers(long microsPerImage) throws IOException {
    workerDisk = SmallDisk.mount(folder.resolve("worker0"), WORKER_MEBIBYTES);
    for (int index = 0; index < WORKERS; index++) {
      WorkerSetup setup =
          new WorkerSetup(
              broker.bootstrapServers(),
              TOPICS,
              proxy.endpoint(),
              store.accessKey(),
              store.secretKey(),
              BUCKET,
              folder.resolve("worker" + index),
              microsPerImage);
      WorkerProcess worker = new WorkerProcess(setup, folder.resolve("worker" + index + ".log"));
      workers.add(worker);
      worker.start();
    }
  }

  /**
   * Brings the faults of a schedule about, one after another, and mends each.
   *
   * @param end when no other fault begins: recovery may take longer than the schedule allows for
   */
  void suffer(Schedule schedule, Instant end) throws Exception {
    for (Schedule.Step step : schedule.steps()) {
      hold(step.pause());
      if (Instant.now().isAfter(end)) {
        return;
      }
      if (!isPossible(step.fault())) {
        log.info("{} is left out, because no small disk can be mounted", step.fault());
        leftOut.incrementAndGet();
        continue;
      }
      log.info("{} {} for {} ms", step.fault(), step.target(), step.length().toMillis());
      suffer(step);
      faults.incrementAndGet();
    }
  }

  private boolean isPossible(Fault fault) {
    return switch (fault) {
      case FILL_WORKER -> workerDisk.isPresent();
      case FILL_NODE -> nodeDisk.isPresent();
      default -> true;
    };
  }

  private void suffer(Schedule.Step step) throws Exception {
    switch (step.fault().place()) {
      case WORKER -> sufferWorker(step, workers.get(step.target()));
      case BROKER -> sufferBroker(step, broker.nodes().get(step.target()));
      case STORE -> sufferStore(step);
    }
  }

  private void sufferWorker(Schedule.Step step, WorkerProcess worker) throws Exception {
    switch (step.fault()) {
      case FREEZE_WORKER -> {
        worker.freeze();
        hold(step.length());
        worker.thaw();
      }
      case STOP_WORKER -> {
        stopped(worker.stop());
        hold(step.length());
        worker.start();
      }
      case FILL_WORKER -> {
        SmallDisk disk = workerDisk.orElseThrow();
        fill(disk, step.length(), () -> true);
        disk.free();
      }
      default -> {
        worker.kill();
        hold(step.length());
        worker.start();
      }
    }
  }

  private void sufferBroker(Schedule.Step step, KafkaNode node) throws Exception {
    switch (step.fault()) {
      case FREEZE_NODE -> {
        node.freeze();
        hold(step.length());
        node.thaw();
      }
      case STOP_NODE -> {
        node.stop();
        hold(step.length());
        broker.restart(List.of(node));
      }
      case FILL_NODE -> fillNode(step.length());
      case KILL_BROKER -> {
        broker.kill();
        hold(step.length());
        broker.restart(broker.nodes());
      }
      default -> {
        node.kill();
        hold(step.length());
        broker.restart(List.of(node));
      }
    }
    broker.awaitInSync();
  }

  /** A node whose disk was full is restarted once it has room, whether it has ended or not. */
  private void fillNode(Duration length) throws Exception {
    KafkaNode node = broker.nodes().get(0);
    SmallDisk disk = nodeDisk.orElseThrow();
    fill(disk, length, node::isAlive);
    log.info("The node with the full disk {}", node.isAlive() ? "still runs" : "has ended");
    node.kill();
    disk.free();
    broker.restart(List.of(node));
  }

  /** Keeps a disk full for as long as it takes until somebody wants to write to it. */
  private void fill(SmallDisk disk, Duration length, BooleanSupplier longer)
      throws IOException, InterruptedException {
    Instant end = Instant.now().plus(LONGER).plus(length);
    while (Instant.now().isBefore(end) && longer.getAsBoolean()) {
      disk.fill();
      hold(REFILL);
    }
  }

  private void sufferStore(Schedule.Step step) throws Exception {
    if (step.fault() == Fault.KILL_STORE) {
      store.kill();
      hold(step.length());
      store.restart();
      return;
    }
    proxy.set(mode(step.fault()));
    hold(step.length());
    proxy.set(ProxyMode.PASS);
  }

  private static ProxyMode mode(Fault fault) {
    return switch (fault) {
      case STORE_DELAYS -> ProxyMode.DELAY;
      case STORE_CUTS -> ProxyMode.CUT;
      case STORE_FLIPS -> ProxyMode.FLIP;
      case STORE_DENIES -> ProxyMode.DENY;
      case STORE_FAILS -> ProxyMode.FAIL;
      case STORE_IS_BUSY -> ProxyMode.BUSY;
      case STORE_REFUSES -> ProxyMode.REFUSE;
      case STORE_HANGS -> ProxyMode.HANG;
      case STORE_IS_FULL -> ProxyMode.FULL;
      default -> ProxyMode.PASS;
    };
  }

  private void hold(Duration time) throws InterruptedException {
    if (closed.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("The system is being closed");
    }
  }

  private synchronized void stopped(Duration took) {
    longestStop = took.compareTo(longestStop) > 0 ? took : longestStop;
  }

  /** Returns how long the slowest worker took to stop after SIGTERM. */
  synchronized Duration longestStop() {
    return longestStop;
  }

  /** Stops all workers in good order. */
  void stopWorkers() throws InterruptedException {
    for (WorkerProcess worker : workers) {
      stopped(worker.stop());
    }
  }

  /** Returns the resident memory of all workers, in MiB; only on Linux. */
  double workerMebibytes() throws IOException {
    long kibibytes = 0;
    for (WorkerProcess worker : workers) {
      kibibytes += worker.residentKibibytes();
    }
    return kibibytes / 1024.0;
  }

  /** Returns how many faults were brought about and mended. */
  int faults() {
    return faults.get();
  }

  /** Returns how many faults of the schedules could not be brought about here. */
  int leftOut() {
    return leftOut.get();
  }

  /** Returns how often workers exited by themselves. */
  int restarts() {
    return workers.stream().mapToInt(WorkerProcess::restarts).sum();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    workers.forEach(WorkerProcess::close);
    proxy.close();
    store.close();
    broker.close();
    workerDisk.ifPresent(SmallDisk::close);
    nodeDisk.ifPresent(SmallDisk::close);
  }
}
