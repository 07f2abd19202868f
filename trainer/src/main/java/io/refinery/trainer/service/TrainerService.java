package io.refinery.trainer.service;

import io.refinery.broker.BacklogReader;
import io.refinery.broker.BrokerCheck;
import io.refinery.broker.ChannelAnnouncer;
import io.refinery.broker.GroupRecordProcessor;
import io.refinery.broker.KafkaClients;
import io.refinery.broker.LagMonitor;
import io.refinery.broker.MessageSender;
import io.refinery.broker.RecordListener;
import io.refinery.broker.RecordProcessor;
import io.refinery.broker.ShareRecordProcessor;
import io.refinery.broker.SingleQueue;
import io.refinery.broker.StoredAttempts;
import io.refinery.concurrent.Closer;
import io.refinery.delivery.DeliveryRunner;
import io.refinery.delivery.ObservedWork;
import io.refinery.delivery.OutageMonitor;
import io.refinery.delivery.ReturnedDeliveries;
import io.refinery.delivery.StoreAccess;
import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.TrainingEngine;
import io.refinery.message.Topics;
import io.refinery.message.TrainingRequest;
import io.refinery.message.TrainingUpdate;
import io.refinery.registry.ModelKeys;
import io.refinery.registry.ModelRegistry;
import io.refinery.status.Probe;
import io.refinery.status.Status;
import io.refinery.status.StatusPages;
import io.refinery.status.StatusServer;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.Workspace;
import io.refinery.telemetry.ServiceMeters;
import io.refinery.trainer.PublicationTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running trainer. It takes training requests, one at a time, until it is closed.
 *
 * <p>A close ends the running training after its current step, saves a checkpoint and releases its
 * request. An evaluation runs to its end.
 */
public final class TrainerService implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TrainerService.class);
  private static final Duration LONGEST_STEP = Duration.ofDays(1);

  private final TrainerConfig config;
  private final EngineSelection<TrainingEngine> engine;
  private final Closer closer = new Closer();
  private final ServiceMeters meters = new ServiceMeters();
  private final TrainerMetrics metrics = new TrainerMetrics(meters.registry());
  private final TrainingControls controls;
  private final RecordListener reception;
  private final SingleQueue queue;
  private final OutageMonitor outages;
  private final DeliveryRunner<TrainingRequest, TrainingUpdate, TrainingUpdatePublisher> runner;
  private final RecordProcessor slot;
  private final CompletableFuture<DeviceFailedException> lost = new CompletableFuture<>();

  /**
   * Starts a trainer.
   *
   * @param storage must stay open until the trainer is closed; the caller closes it
   * @throws io.refinery.engine.EngineException when no engine can train on the device
   * @throws io.refinery.broker.BrokerException when the broker cannot be used
   * @throws io.refinery.storage.StorageException when the store lacks what a trainer relies on
   */
  public static TrainerService start(TrainerConfig config, ObjectStorage storage) {
    return start(config, storage, ModelKeys.NONE);
  }

  /**
   * Starts a service.
   *
   * @param keys sign the versions that it publishes, and check those that trainings start from
   */
  public static TrainerService start(TrainerConfig config, ObjectStorage storage, ModelKeys keys) {
    return new TrainerService(config, storage, keys);
  }

  private TrainerService(TrainerConfig config, ObjectStorage storage, ModelKeys keys) {
    this.config = config;
    engine = EngineSelection.training(config.engine(), config.device(), config.engineOptions());
    Topics topics = config.broker().topics();
    try {
      Workspace.sweep(config.workFolder().resolve(TrainingWork.FOLDER));
      StoreAccess store = StoreAccess.of(storage, config.bucket());
      KafkaClients clients = new KafkaClients(config.broker(), config.name());
      BrokerCheck broker =
          new BrokerCheck(closer.add(clients.admin()), config.broker(), config.group());
      int deliveries = broker.prepare().deliveries();
      MessageSender sender =
          closer.add(
              new MessageSender(clients.producer(), clients.bestEffortProducer(), config.name()));
      TrainingStateStore states = new TrainingStateStore(storage, config.bucket());
      TrainingRequestHandler requests =
          new TrainingRequestHandler(sender, topics, states, config.name());
      controls =
          closer.add(
              new TrainingControls(
                  topics.trainingControl(),
                  () -> clients.fromBeginning(topics.trainingControl()),
                  sender,
                  requests::cancel));
      outages = closer.add(OutageMonitor.of(broker, store, config.workFolder()).start());
      TrainingWork work =
          new TrainingWork(config, target(storage, sender, keys), controls, metrics);
      runner =
          new DeliveryRunner<>(
              TrainingRequestHandler::delivery,
              new TrainingHandler(work, states, requests::updates, controls, metrics, this::lose),
              config.retries().withDeliveries(deliveries),
              sender,
              outages,
              ReturnedDeliveries.of(broker, storage, config.bucket()));
      String group = config.group().name() + "-reception";
      reception =
          closer.add(
              new RecordListener(
                      "refinery-reception",
                      () -> clients.subscriber(group, topics.trainings()),
                      true,
                      requests::receive)
                  .start());
      queue = closer.add(queue(broker, clients, sender));
      slot = slot(broker, clients, storage);
      metrics
          .deliveries()
          .describe(config.name(), engine.description(), config.device().toString());
      metrics.deliveries().outages(outages);
      closer.add(
          new LagMonitor(
                  new BacklogReader(config.broker(), clients),
                  reader -> reader.trainings(config.group().name()),
                  metrics.deliveries()::waiting)
              .start());
      StatusPages pages = new StatusPages(this::metrics, this::health, this::live, this::ready);
      config.status().ifPresent(address -> closer.add(new StatusServer(address, pages)));
      // Last, because taking requests needs everything else, and nothing may fail once they are
      // taken.
      slot.start();
    } catch (RuntimeException | Error e) {
      closeAll();
      throw e;
    }
    log.info("Trainer {} takes requests from {}", config.name(), topics.trainings());
  }

  private SingleQueue queue(BrokerCheck broker, KafkaClients clients, MessageSender sender) {
    Topics topics = config.broker().topics();
    return broker.hasShareGroups()
        ? SingleQueue.of(
            topics.trainings(),
            topics.trainingQueue(),
            SingleQueue.copyGroup(config.group().name()),
            broker,
            clients,
            sender)
        : SingleQueue.uncopied(topics.trainings());
  }

  /** Returns what the slot does with a record: all that the runner does, observed. */
  private RecordProcessor.Work work() {
    ObservedWork.Names names = new ObservedWork.Names("trainer", config.name(), "training");
    return new ObservedWork<>(
        names, TrainingRequestHandler::delivery, runner, metrics.deliveries());
  }

  private RecordProcessor slot(BrokerCheck broker, KafkaClients clients, ObjectStorage storage) {
    String group = config.group().name();
    return broker.hasShareGroups()
        ? new ShareRecordProcessor(
            config.name(),
            () -> clients.member(config.group(), 0),
            queue.topic(),
            work(),
            config.group().lock())
        : new GroupRecordProcessor(
            config.name(),
            member -> clients.groupMember(group, 0, member),
            queue.topic(),
            work(),
            StoredAttempts.of(storage, config.bucket(), group),
            1);
  }

  private PublicationTarget target(ObjectStorage storage, MessageSender sender, ModelKeys keys) {
    return new PublicationTarget(
        storage,
        config.bucket(),
        new ModelRegistry(storage, config.bucket(), ModelRegistry.PREFIX, keys),
        new ChannelAnnouncer(sender, config.broker().topics()),
        config.gate(),
        config.name());
  }

  /** Returns the trainer's name in events and logs. */
  public String name() {
    return config.name();
  }

  /** Returns the engine and device that train. */
  public EngineSelection<TrainingEngine> engine() {
    return engine;
  }

  /**
   * Returns a future that completes when this process has lost the device, with a sentence that
   * names it. The training's request is released with its last checkpoint; close the service and
   * end the process.
   */
  public CompletableFuture<DeviceFailedException> deviceLost() {
    return lost.copy();
  }

  private void lose(DeviceFailedException cause) {
    slot.takeNoMore();
    runner.stop();
    if (lost.complete(cause.of(config.device()))) {
      log.error("This process has lost {} and releases its training", config.device(), cause);
    }
  }

  /** Returns the trainer's current health. */
  public TrainerHealth health() {
    return new TrainerHealth(
        alive() ? Status.UP : Status.DOWN,
        config.name(),
        engine.description(),
        config.device().toString(),
        metrics.current(),
        outages.outage());
  }

  private boolean alive() {
    return slot.isAlive()
        && queue.isAlive()
        && controls.isAlive()
        && reception.isAlive()
        && outages.isAlive()
        && !outages.isOutage()
        && !lost.isDone();
  }

  /** Returns whether the process works; if not, it must be restarted. */
  public Probe live() {
    List<String> reasons = new ArrayList<>();
    Optional.ofNullable(lost.getNow(null)).map(Throwable::getMessage).ifPresent(reasons::add);
    Map.of(
            "that checks broker and store", outages.isAlive(),
            "that listens for control messages", controls.isAlive(),
            "that receives requests", reception.isAlive(),
            "that copies requests into one partition", queue.isAlive(),
            "that takes requests", slot.isAlive())
        .forEach(
            (thread, works) -> {
              if (!works) {
                reasons.add("The thread " + thread + " has ended.");
              }
            });
    return Probe.of(reasons);
  }

  /** Returns whether the trainer can take requests now; it may be busy with one. */
  public Probe ready() {
    List<String> reasons = new ArrayList<>(live().reasons());
    outages.outage().ifPresent(reasons::add);
    return Probe.of(reasons);
  }

  /** Returns the content of {@code /metrics} in the Prometheus text format. */
  public String metrics() {
    return meters.scrape();
  }

  @Override
  public void close() {
    slot.takeNoMore();
    runner.stop();
    try {
      if (!slot.finish(LONGEST_STEP)) {
        log.warn("The training is still running after {}", LONGEST_STEP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    slot.close();
    closeAll();
    log.info("Trainer {} has stopped", config.name());
  }

  private void closeAll() {
    closer.close();
    meters.close();
  }
}
