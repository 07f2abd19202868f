package io.refinery.worker;

import io.refinery.broker.Backlog;
import io.refinery.broker.BacklogReader;
import io.refinery.broker.BrokerCheck;
import io.refinery.broker.KafkaClients;
import io.refinery.broker.LagMonitor;
import io.refinery.broker.MessageSender;
import io.refinery.broker.RecordProcessor;
import io.refinery.broker.ShareGroup;
import io.refinery.broker.SingleQueue;
import io.refinery.concurrent.Closer;
import io.refinery.delivery.Delivery;
import io.refinery.delivery.DeliveryRunner;
import io.refinery.delivery.ObservedWork;
import io.refinery.delivery.OutageMonitor;
import io.refinery.delivery.ReturnedDeliveries;
import io.refinery.delivery.StoreAccess;
import io.refinery.delivery.UndeliveredRequests;
import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.RefiningEngine;
import io.refinery.message.Job;
import io.refinery.message.JobResult;
import io.refinery.registry.ModelKeys;
import io.refinery.registry.ModelRegistry;
import io.refinery.status.Probe;
import io.refinery.status.Status;
import io.refinery.status.StatusPages;
import io.refinery.status.StatusServer;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.Workspace;
import io.refinery.telemetry.ServiceMeters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running worker. It takes jobs until it is closed or its device is lost.
 *
 * <p>After a close it takes no more jobs, lets running ones finish within {@code delivery.grace},
 * and releases the rest.
 */
public final class Worker implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final WorkerConfig config;
  private final EngineSelection<RefiningEngine> engine;
  private final Closer closer = new Closer();
  private final ServiceMeters meters = new ServiceMeters();
  private final WorkerMetrics metrics = new WorkerMetrics(meters);
  private final JobSlots slots;
  private final CompletableFuture<DeviceFailedException> lost = new CompletableFuture<>();
  private final ServedModels models;
  private final SingleQueue queue;
  private final WarmModels warm;
  private final ModelRefresher refresher;
  private final OutageMonitor outages;
  private final JobWatch watch;
  private final JobControls controls;
  private final DeliveryRunner<Job, JobResult, JobProgressReporter> runner;
  private final UndeliveredRequests<Job, JobResult, JobProgressReporter> undelivered;

  /**
   * Starts a worker with the engine that {@code config} names.
   *
   * @param storage must stay open until the worker is closed; the caller closes it
   * @throws io.refinery.engine.EngineException when no engine can run
   * @throws io.refinery.broker.BrokerException when the broker cannot be used
   * @throws io.refinery.storage.StorageException when the store lacks what a worker relies on
   * @throws java.io.UncheckedIOException when the work folder cannot be used
   * @throws DeviceTakenException when another worker of this machine uses the GPU
   */
  public static Worker start(WorkerConfig config, ObjectStorage storage) {
    return start(
        config,
        storage,
        EngineSelection.refining(
            config.engine(), config.device(), config.precision(), config.engineOptions()));
  }

  /** Starts a worker with the given engine. */
  public static Worker start(
      WorkerConfig config, ObjectStorage storage, EngineSelection<RefiningEngine> engine) {
    return new Worker(config, storage, engine);
  }

  private Worker(
      WorkerConfig config, ObjectStorage storage, EngineSelection<RefiningEngine> engine) {
    this.config = config;
    this.engine = engine;
    this.slots = new JobSlots(config);
    try {
      DeviceLock.take(engine.device(), DeviceLock.FOLDER).ifPresent(closer::add);
      Workspace.sweep(config.workFolder().resolve(JobWork.FOLDER));
      StoreAccess store = StoreAccess.of(storage, config.bucket());
      KafkaClients clients = new KafkaClients(config.broker(), config.name());
      BrokerCheck broker =
          new BrokerCheck(closer.add(clients.admin()), config.broker(), slots.group());
      ShareGroup group = broker.prepare();
      models = closer.add(servedModels(storage));
      warm = new WarmModels(models, config.models().warm());
      refresher = closer.add(refresher(clients));
      EngineThread thread = closer.add(new EngineThread());
      ExecutorService decoders = Executors.newCachedThreadPool(daemon("refinery-decode"));
      closer.add(decoders::shutdown);
      MessageSender sender =
          closer.add(
              new MessageSender(clients.producer(), clients.bestEffortProducer(), config.name()));
      queue = closer.add(queue(broker, clients, sender));
      outages = closer.add(OutageMonitor.of(broker, store, config.workFolder()).start());
      ReturnedDeliveries returned = ReturnedDeliveries.of(broker, storage, config.bucket());
      ResultStore results = new ResultStore(storage, config.bucket());
      ResultPublisher publisher = new ResultPublisher(sender, config.broker().topics());
      watch = closer.add(new JobWatch(results, config.timeLimits(), this::hang).start());
      JobWork work =
          new JobWork(config, engine, storage, models, results, thread, decoders, metrics);
      JobHandler handler =
          new JobHandler(
              config.name(),
              config.broker().topics(),
              work,
              results,
              publisher,
              watch,
              metrics,
              this::lose);
      runner = runner(group, returned, handler, sender);
      controls = closer.add(controls(clients, results, publisher).start());
      undelivered = closer.add(undelivered(broker, clients, handler));
      describe(thread);
      closer.add(lag(clients).start());
      StatusPages pages = new StatusPages(this::metrics, this::health, this::live, this::ready);
      config.status().ifPresent(address -> closer.add(new StatusServer(address, pages)));
      // Last, because taking jobs needs everything else, and nothing may fail once jobs are taken.
      refresher.start();
      undelivered.start();
      slots.open(broker, clients, storage, queue.topic(), work());
    } catch (RuntimeException | Error e) {
      slots.close();
      closeAll();
      throw e;
    }
    log.info(
        "Worker {} takes jobs from {} in the group {}",
        config.name(),
        config.broker().topics().jobs(),
        config.delivery().group());
  }

  private void describe(EngineThread thread) {
    metrics.deliveries().describe(config.name(), engine.description(), engine.device().toString());
    metrics.deliveries().outages(outages);
    metrics.gauge(
        "refinery.models.refused",
        "Model versions that cannot be used",
        () -> models.refusals().size());
    metrics.gauge(
        "refinery.engine.waiting", "Jobs that wait for their turn on the engine", thread::waiting);
  }

  private UndeliveredRequests<Job, JobResult, JobProgressReporter> undelivered(
      BrokerCheck broker, KafkaClients clients, JobHandler handler) {
    return new UndeliveredRequests<>(
        Worker::delivery,
        handler,
        clients,
        config.delivery().group(),
        broker.keepUndelivered(config.broker().topics().jobs()));
  }

  private DeliveryRunner<Job, JobResult, JobProgressReporter> runner(
      ShareGroup group, ReturnedDeliveries returned, JobHandler handler, MessageSender sender) {
    return new DeliveryRunner<>(
        Worker::delivery,
        handler,
        config.delivery().retries().withDeliveries(group.deliveries()),
        sender,
        outages,
        returned);
  }

  /** Shares the cancellations among the workers of the group. */
  private JobControls controls(
      KafkaClients clients, ResultStore results, ResultPublisher publisher) {
    String group = config.delivery().group() + "-control";
    String topic = config.broker().topics().jobControl();
    return new JobControls(
        () -> clients.subscriber(group, topic), results, publisher, config.name());
  }

  private static Delivery<Job> delivery(ConsumerRecord<String, byte[]> message) {
    return Delivery.of(message, "job", Job::read, Job::id);
  }

  private LagMonitor lag(KafkaClients clients) {
    return new LagMonitor(
        new BacklogReader(config.broker(), clients),
        reader -> Backlog.of(reader.jobs(config.delivery().group()).values()),
        metrics.deliveries()::waiting);
  }

  /** Returns what slots do with a record: all that the runner does, observed. */
  private RecordProcessor.Work work() {
    ObservedWork.Names names = new ObservedWork.Names("worker", config.name(), "job");
    return new ObservedWork<>(names, Worker::delivery, runner, metrics.deliveries());
  }

  private ServedModels servedModels(ObjectStorage storage) {
    return new ServedModels(
        new ModelRegistry(
            storage,
            config.bucket(),
            ModelRegistry.PREFIX,
            ModelKeys.trusting(config.models().trusted())),
        engine,
        config.workFolder().resolve("models"),
        config.models().kept(),
        config.batchSize(),
        metrics::halved);
  }

  private ModelRefresher refresher(KafkaClients clients) {
    String topic = config.broker().topics().models();
    return new ModelRefresher(
        models,
        warm,
        config.models().poll(),
        config.models().announcements()
            ? Optional.of(() -> ChannelChangeListener.of(clients.fromNow(topic)))
            : Optional.empty(),
        this::lose);
  }

  private SingleQueue queue(BrokerCheck broker, KafkaClients clients, MessageSender sender) {
    String jobs = config.broker().topics().jobs();
    if (!broker.hasShareGroups()) {
      return SingleQueue.uncopied(jobs);
    }
    return SingleQueue.of(
        jobs,
        config.broker().topics().jobQueue(),
        SingleQueue.copyGroup(config.delivery().group()),
        broker,
        clients,
        sender);
  }

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Returns the worker's name in events and logs. */
  public String name() {
    return config.name();
  }

  /** Returns the engine and device that refine. */
  public EngineSelection<RefiningEngine> engine() {
    return engine;
  }

  /**
   * Returns a future that completes when this process has lost the device, with a sentence that
   * names it. The worker then releases its jobs and takes no more; close it and end the process.
   */
  public CompletableFuture<DeviceFailedException> deviceLost() {
    return lost.copy();
  }

  private void lose(DeviceFailedException cause) {
    giveUp(cause.of(engine.device()));
  }

  private void giveUp(DeviceFailedException reason) {
    slots.takeNoMore();
    runner.stop();
    models.abandon();
    if (lost.complete(reason)) {
      log.error("This process releases its jobs and takes no more", reason);
    }
  }

  /** Gives up because of a job that hangs: only the end of the process ends it. */
  private void hang(String sentence) {
    giveUp(new DeviceFailedException(sentence + " Only a new process can go on.", null));
  }

  /** Returns the worker's current health. */
  public WorkerHealth health() {
    Map<String, String> refused = models.refusals();
    Optional<String> loss = lostDevice();
    Optional<String> outage = outages.outage();
    boolean alive =
        loss.isEmpty()
            && outage.isEmpty()
            && outages.isAlive()
            && watch.isAlive()
            && controls.isAlive()
            && refresher.isAlive()
            && queue.isAlive()
            && undelivered.isAlive()
            && slots.areOpen()
            && slots.areAlive();
    Status status = !alive ? Status.DOWN : refused.isEmpty() ? Status.UP : Status.DEGRADED;
    return new WorkerHealth(
        status,
        config.name(),
        engine.description(),
        engine.device().toString(),
        models.serving(),
        refused,
        outage,
        loss);
  }

  /** Returns whether the process works; if not, it must be restarted. */
  public Probe live() {
    List<String> reasons = new ArrayList<>();
    lostDevice().ifPresent(reasons::add);
    Map.of(
            "that checks broker and store", outages.isAlive(),
            "that looks for new versions", refresher.isAlive(),
            "that copies jobs into one partition", queue.isAlive(),
            "that fails undelivered jobs", undelivered.isAlive(),
            "that watches jobs", watch.isAlive(),
            "that cancels jobs", controls.isAlive(),
            "that takes jobs", slots.areAlive())
        .forEach(
            (thread, works) -> {
              if (!works) {
                reasons.add("The thread " + thread + " has ended.");
              }
            });
    return Probe.of(reasons);
  }

  /** Returns whether the worker can take and refine jobs now. */
  public Probe ready() {
    List<String> reasons = new ArrayList<>(live().reasons());
    outages.outage().ifPresent(reasons::add);
    reasons.addAll(warm.obstacles());
    if (!slots.areOpen()) {
      reasons.add("The worker is starting.");
    }
    return reasons.isEmpty() ? new Probe(Status.UP, warm.remarks()) : Probe.of(reasons);
  }

  private Optional<String> lostDevice() {
    return Optional.ofNullable(lost.getNow(null)).map(Throwable::getMessage);
  }

  /** Returns the content of {@code /metrics} in the Prometheus text format. */
  public String metrics() {
    metrics.serving(models.serving());
    return meters.scrape();
  }

  @Override
  public void close() {
    slots.finish();
    runner.stop();
    slots.close();
    closeAll();
    log.info("Worker {} has stopped", config.name());
  }

  private void closeAll() {
    closer.close();
    meters.close();
  }
}
