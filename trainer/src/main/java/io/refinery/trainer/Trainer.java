package io.refinery.trainer;

import io.refinery.bundle.BundleException;
import io.refinery.engine.AdversarialPair;
import io.refinery.engine.EngineException;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.TrainingEngine;
import io.refinery.image.ImageShape;
import io.refinery.network.Safetensors;
import io.refinery.registry.LocalModel;
import io.refinery.registry.Manifest;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.VersionDraft;
import io.refinery.trainer.algorithm.ControlSignal;
import io.refinery.trainer.algorithm.TrainingOutcome;
import io.refinery.trainer.checkpoint.CheckpointFile;
import io.refinery.trainer.checkpoint.CheckpointMetadata;
import io.refinery.trainer.checkpoint.Checkpoints;
import io.refinery.trainer.evaluation.EvaluationResult;
import io.refinery.trainer.event.TrainingEvent;
import io.refinery.trainer.event.TrainingEvent.CheckpointSkipped;
import io.refinery.trainer.event.TrainingEvent.Evaluating;
import io.refinery.trainer.event.TrainingEvent.Finding;
import io.refinery.trainer.event.TrainingEvent.Published;
import io.refinery.trainer.event.TrainingEvent.Speed;
import io.refinery.trainer.event.TrainingEvent.Started;
import io.refinery.trainer.event.TrainingEvent.Trained;
import io.refinery.trainer.feed.BundleFiles;
import io.refinery.trainer.gate.Verdict;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains refiners and publishes them. One thread runs one training; several may run on several
 * threads.
 */
public final class Trainer {

  private static final Logger log = LoggerFactory.getLogger(Trainer.class);

  /** What a training goes on from: it needs nothing else of its parent. */
  private static final Set<String> PARENT_FILES =
      Set.of(Manifest.REFINER_WEIGHTS, Manifest.DISCRIMINATOR_WEIGHTS);

  private final Optional<PublicationTarget> store;
  private final Path cache;
  private final EngineOptions engineOptions;

  /**
   * @param store to publish to and to read from; without one, versions stay local files
   * @param cache folder for downloaded parents and bundles; many processes may share it
   * @param engineOptions of all engines
   */
  public Trainer(Optional<PublicationTarget> store, Path cache, EngineOptions engineOptions) {
    this.store = store;
    this.cache = cache;
    this.engineOptions = engineOptions;
  }

  /**
   * Trains to the end, on the calling thread. A training with an id resumes from its last
   * checkpoint; on the same engine and device, the weights are bit for bit those of an
   * uninterrupted training. A training that was already published is not trained again.
   *
   * @param listener receives every event, on this thread
   * @param control polled before every step
   * @throws BundleException naming the bundle that cannot be used, and why
   * @throws io.refinery.storage.StorageException when the object store fails
   * @throws EngineMismatchException when another engine started the training and must continue it
   * @throws EngineException when no engine can train on the device, saying what is missing, or the
   *     device fails
   * @throws IllegalArgumentException when the plan does not fit the images, or the request differs
   *     from the one that was started under its id
   * @throws IOException when a file cannot be read or written
   */
  public TrainingResult train(
      TrainingSpec request, Consumer<TrainingEvent> listener, Supplier<ControlSignal> control)
      throws BundleException, IOException {
    Optional<ModelVersion> earlier = finishPublication(request);
    if (earlier.isPresent()) {
      return published(request, earlier.get(), listener);
    }
    Path fetched = Files.createDirectories(request.folder()).resolve("checkpoint.fetched");
    try {
      Optional<Checkpoints> checkpoints = checkpoints(request);
      Optional<Path> checkpoint =
          checkpoints.isPresent()
              ? checkpoints.get().fetchLatest(fetched, damage -> skipped(request, damage, listener))
              : Optional.empty();
      Optional<CheckpointMetadata> begun =
          checkpoint.isPresent() ? Optional.of(CheckpointFile.progress(fetched)) : Optional.empty();
      try (TrainingContext job = find(request, begun)) {
        begun.ifPresent(last -> last.requireSame(request.id().orElseThrow(), job.start()));
        Beginning beginning = new Beginning(begun.orElseGet(job::start), checkpoint, checkpoints);
        return train(job, beginning, logged(request, listener), control);
      }
    } finally {
      Files.deleteIfExists(fetched);
    }
  }

  private static void skipped(
      TrainingSpec request, String damage, Consumer<TrainingEvent> listener) {
    String sentence = damage + ". Trying the one before it.";
    log.warn("Training of {}: {}", request.model(), sentence);
    listener.accept(new CheckpointSkipped(sentence));
  }

  /** A resumed training keeps the engine and the parent that it was started with. */
  private TrainingContext find(TrainingSpec request, Optional<CheckpointMetadata> begun)
      throws BundleException, IOException {
    EngineSelection<TrainingEngine> selection =
        TrainingEngineChoice.select(request, begun, engineOptions);
    Optional<ModelReference> from =
        begun.isPresent() ? begun.get().parent().map(ModelReference::parse) : request.parent();
    Optional<LocalModel> parent = from.map(this::fetch);
    try {
      BundleFiles bundles =
          new BundleFiles(store.map(PublicationTarget::objects), cache.resolve("bundles"));
      bundles.sweep();
      TrainingDomains sources = TrainingDomains.find(request, bundles);
      return new TrainingContext(request, selection, parent, sources, sources.identities());
    } catch (BundleException | IOException | RuntimeException e) {
      parent.ifPresent(LocalModel::close);
      throw e;
    }
  }

  /** Where the steps begin: at the first one, or after those of a checkpoint. */
  private record Beginning(
      CheckpointMetadata start, Optional<Path> checkpoint, Optional<Checkpoints> checkpoints) {}

  /** Logs what only warns; what is fatal is the training's result. */
  private static Consumer<TrainingEvent> logged(
      TrainingSpec request, Consumer<TrainingEvent> listener) {
    return event -> {
      if (event instanceof Finding finding && !finding.fatal()) {
        log.warn("Training of {}: {}", request.model(), finding.summary());
      }
      listener.accept(event);
    };
  }

  private TrainingResult train(
      TrainingContext job,
      Beginning beginning,
      Consumer<TrainingEvent> listener,
      Supplier<ControlSignal> control)
      throws BundleException, IOException {
    TrainingSpec request = job.request();
    CheckpointMetadata start = beginning.start();
    try (OpenDomains domains =
        OpenDomains.open(request.plan(), job.sources(), start.synthetic(), start.real())) {
      List<Finding> found = domains.check(job.identities(), request);
      List<Finding> fatal = found.stream().filter(Finding::fatal).toList();
      if (fatal.isEmpty()) {
        return train(job, domains, found, beginning, listener, control);
      }
      fatal.forEach(listener);
      return new TrainingResult.Failed(
          fatal.stream().map(Finding::summary).collect(Collectors.joining(" ")));
    }
  }

  private TrainingResult train(
      TrainingContext job,
      OpenDomains domains,
      List<Finding> found,
      Beginning beginning,
      Consumer<TrainingEvent> listener,
      Supplier<ControlSignal> control)
      throws BundleException, IOException {
    TrainingSpec request = job.request();
    try (AdversarialPair pair = pair(job, domains.shape());
        TrainingRun run =
            new TrainingRun(
                new TrainingRun.Setting(
                    job.plan(domains.shape()),
                    domains,
                    found,
                    pair,
                    beginning.start(),
                    engineOptions),
                beginning.checkpoint(),
                beginning.checkpoints(),
                request.realCaption(),
                request.folder(),
                listener)) {
      listener.accept(
          new Started(
              job.plan(domains.shape()),
              job.selection().engine().name(),
              request.device().toString()));
      TrainingOutcome outcome = run.run(control);
      long of = request.plan().schedule().total();
      if (outcome instanceof TrainingOutcome.Paused) {
        return new TrainingResult.Paused(run.completed(), of);
      }
      if (outcome instanceof TrainingOutcome.Cancelled) {
        return new TrainingResult.Cancelled(run.completed(), of);
      }
      if (outcome instanceof TrainingOutcome.Stopped stopped) {
        return new TrainingResult.Failed(stopped.cause());
      }
      return finish(job, domains, run, pair, listener);
    }
  }

  private TrainingResult finish(
      TrainingContext job,
      OpenDomains domains,
      TrainingRun run,
      AdversarialPair pair,
      Consumer<TrainingEvent> listener)
      throws BundleException, IOException {
    Speed speed = run.speed();
    listener.accept(new Trained(speed));
    TrainingRun.Inspected inspected = run.inspect();
    if (inspected.rejection().isPresent()) {
      return new TrainingResult.Failed(inspected.rejection().get());
    }
    listener.accept(new Evaluating());
    run.records().finish();
    EvaluationResult evaluated =
        new EvaluationRunner(store, cache, engineOptions).evaluate(job, domains, pair);
    run.records()
        .report(
            job.request().model(),
            job.facts(speed, inspected.sentence(), run.warnings()),
            evaluated);
    Map<String, Path> files = run.records().files();
    Map<String, Double> metrics = metrics(run, speed, evaluated);
    Path folder = job.request().folder();
    if (store.isEmpty()) {
      return new TrainingResult.Written(metrics, folder);
    }
    ModelRegistry registry = store.get().registry();
    VersionDraft draft = job.draft(domains.shape(), metrics, files);
    Optional<String> id = job.request().id();
    ModelVersion version =
        id.isPresent() ? registry.publishOnce(draft, id.get()) : registry.publish(draft);
    return published(job.request(), version, listener);
  }

  private static Map<String, Double> metrics(
      TrainingRun run, Speed speed, EvaluationResult evaluated) {
    Map<String, Double> metrics = run.records().metrics();
    metrics.putAll(evaluated.report().metrics());
    if (speed.steps() > 0) {
      metrics.put("training.steps-per-second", speed.stepsPerSecond());
      metrics.put("training.data-wait.share", speed.waitShare());
    }
    return metrics;
  }

  private TrainingResult published(
      TrainingSpec request, ModelVersion version, Consumer<TrainingEvent> listener) {
    // The version's own metrics: another process may have published it.
    Map<String, Double> metrics = store.orElseThrow().registry().manifest(version).metrics();
    Optional<Verdict> verdict = store.orElseThrow().channels().afterPublication(version, metrics);
    checkpoints(request).ifPresent(Checkpoints::clear);
    listener.accept(new Published(version));
    return new TrainingResult.Published(version, metrics, verdict, request.folder());
  }

  /**
   * The version of a training whose publication was already decided, by this or another process.
   */
  private Optional<ModelVersion> finishPublication(TrainingSpec request) {
    return request
        .id()
        .flatMap(
            id -> store.flatMap(there -> there.registry().finishPublication(request.model(), id)));
  }

  private Optional<Checkpoints> checkpoints(TrainingSpec request) {
    return request
        .id()
        .map(
            id -> {
              PublicationTarget to =
                  store.orElseThrow(
                      () ->
                          new IllegalArgumentException(
                              "There is no object store for the checkpoints of " + id));
              return new Checkpoints(to.objects(), to.bucket(), id);
            });
  }

  private LocalModel fetch(ModelReference reference) {
    ModelRegistry from =
        store
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "There is no registry to fetch " + reference + " from"))
            .registry();
    return from.fetch(from.resolve(reference), cache, PARENT_FILES);
  }

  private static AdversarialPair pair(TrainingContext job, ImageShape shape) throws IOException {
    TrainingPlan plan = job.plan(shape);
    AdversarialPair pair = job.selection().engine().pair(plan.pair(shape), job.request().device());
    try {
      if (job.parent().isPresent()) {
        LocalModel parent = job.parent().get();
        pair.setRefinerWeights(Safetensors.read(parent.file(Manifest.REFINER_WEIGHTS)));
        pair.setDiscriminatorWeights(Safetensors.read(parent.file(Manifest.DISCRIMINATOR_WEIGHTS)));
      }
      return pair;
    } catch (IOException | RuntimeException e) {
      pair.close();
      throw e;
    }
  }
}
