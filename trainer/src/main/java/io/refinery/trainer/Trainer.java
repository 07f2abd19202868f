package io.refinery.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.refinery.bundle.BundleException;
import io.refinery.engine.AdversarialPair;
import io.refinery.engine.EngineException;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.TrainingEngine;
import io.refinery.image.ImageShape;
import io.refinery.image.Preprocessing;
import io.refinery.json.Json;
import io.refinery.network.Safetensors;
import io.refinery.network.Tensor;
import io.refinery.network.Weights;
import io.refinery.registry.LocalModel;
import io.refinery.registry.Manifest;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.VersionDraft;
import io.refinery.storage.Sha256;
import io.refinery.trainer.algorithm.AdversarialTraining;
import io.refinery.trainer.algorithm.HistoryBuffer;
import io.refinery.trainer.algorithm.TrainingOutcome;
import io.refinery.trainer.event.TrainingEvent;
import io.refinery.trainer.event.TrainingEvent.Previewed;
import io.refinery.trainer.event.TrainingEvent.Published;
import io.refinery.trainer.event.TrainingEvent.Started;
import io.refinery.trainer.event.TrainingEvent.Step;
import io.refinery.trainer.plan.Seeds;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Trains refiners and publishes them. One thread runs one training; several may run on several
 * threads.
 */
public final class Trainer {

  /** The channel that every publication moves. */
  public static final String LATEST = "latest";

  private static final long HISTORY_STREAM = 3;

  private final Optional<ModelRegistry> registry;
  private final Path cache;

  /**
   * @param registry to publish to and to take parents from; without one, versions stay files
   * @param cache folder for parents' files, which many processes may share
   */
  public Trainer(Optional<ModelRegistry> registry, Path cache) {
    this.registry = registry;
    this.cache = cache;
  }

  /**
   * Trains to the end, on the calling thread.
   *
   * @param listener gets every event, on this thread
   * @param cancelled asked before every step
   * @throws BundleException naming the bundle that cannot be used, and why
   * @throws EngineException when no engine can train on the device, saying what is missing, or the
   *     device fails
   * @throws IllegalArgumentException when the plan does not fit the images
   * @throws IOException when a file of the version cannot be written
   */
  public TrainingResult train(
      TrainingRequest request, Consumer<TrainingEvent> listener, BooleanSupplier cancelled)
      throws BundleException, IOException {
    EngineSelection<TrainingEngine> selection =
        EngineSelection.training(request.engine(), request.device());
    Optional<LocalModel> parent = request.parent().map(this::fetch);
    TrainingPlan plan =
        parent
            .map(LocalModel::manifest)
            .map(of -> request.plan().withNetworks(of.refiner(), of.discriminator()))
            .orElse(request.plan());
    try (Domains domains = Domains.open(request);
        AdversarialPair pair =
            selection.engine().pair(plan.pair(domains.shape()), request.device());
        TrainingRecords records =
            new TrainingRecords(plan, pair, domains, request.realCaption(), request.folder())) {
      if (parent.isPresent()) {
        start(pair, parent.get());
      }
      listener.accept(new Started(plan, selection.engine().name(), request.device().toString()));
      TrainingOutcome outcome =
          algorithm(plan, domains, pair).run(step -> tell(step, records, listener), cancelled);
      if (outcome instanceof TrainingOutcome.Cancelled stopped) {
        return new TrainingResult.Cancelled(stopped.completed(), plan.schedule().total());
      }
      if (outcome instanceof TrainingOutcome.Diverged diverged) {
        return new TrainingResult.Diverged(diverged.cause());
      }
      Version version =
          new Version(request, plan, selection, domains.shape(), parent.map(LocalModel::version));
      return finish(version, records, pair, listener);
    }
  }

  /** What a finished training knows of its version before there is one. */
  private record Version(
      TrainingRequest request,
      TrainingPlan plan,
      EngineSelection<TrainingEngine> selection,
      ImageShape shape,
      Optional<ModelVersion> parent) {

    VersionDraft draft(Map<String, Double> metrics, Map<String, Path> files) throws IOException {
      return new VersionDraft(
          request.model(),
          plan.refiner(),
          plan.discriminator(),
          shape,
          plan.feed().equalise() ? Preprocessing.HISTOGRAM_EQUALISATION : Preprocessing.NONE,
          training(plan, request),
          metrics,
          selection.engine().name() + ": " + selection.description(),
          parent.map(ModelVersion::number),
          files);
    }
  }

  private TrainingResult finish(
      Version version,
      TrainingRecords records,
      AdversarialPair pair,
      Consumer<TrainingEvent> listener)
      throws IOException {
    Weights refiner = pair.refinerWeights();
    Weights discriminator = pair.discriminatorWeights();
    if (!isFinite(refiner) || !isFinite(discriminator)) {
      return new TrainingResult.Diverged(
          "The last update left weights that are not numbers: lower the learning rates.");
    }
    Map<String, Path> files = records.finish(refiner, discriminator);
    Map<String, Double> metrics = records.metrics();
    Path folder = version.request().folder();
    if (registry.isEmpty()) {
      return new TrainingResult.Written(metrics, folder);
    }
    ModelVersion published = registry.get().publish(version.draft(metrics, files));
    registry.get().moveChannel(published.name(), LATEST, published.number());
    listener.accept(new Published(published));
    return new TrainingResult.Published(published, metrics, folder);
  }

  private LocalModel fetch(ModelReference reference) {
    ModelRegistry from =
        registry.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no registry that " + reference + " could come from"));
    return from.fetch(from.resolve(reference), cache);
  }

  private static void start(AdversarialPair pair, LocalModel parent) throws IOException {
    pair.setRefinerWeights(Safetensors.read(parent.file(Manifest.REFINER_WEIGHTS)));
    pair.setDiscriminatorWeights(Safetensors.read(parent.file(Manifest.DISCRIMINATOR_WEIGHTS)));
  }

  private static AdversarialTraining algorithm(
      TrainingPlan plan, Domains domains, AdversarialPair pair) {
    return new AdversarialTraining(
        pair,
        domains.synthetic(),
        domains.real(),
        plan.schedule(),
        new HistoryBuffer(
            plan.schedule().historySize(),
            domains.shape(),
            Seeds.derive(plan.seed(), HISTORY_STREAM)));
  }

  private static void tell(Step step, TrainingRecords records, Consumer<TrainingEvent> listener) {
    Optional<Path> preview = records.add(step);
    listener.accept(step);
    preview.ifPresent(picture -> listener.accept(new Previewed(step.number(), picture)));
  }

  /** The plan and, beside it as {@code data}, what it was used on. */
  private static JsonNode training(TrainingPlan plan, TrainingRequest request) throws IOException {
    ObjectNode training = Json.mapper().valueToTree(plan);
    training
        .putObject("data")
        .put("synthetic", request.synthetic().getFileName().toString())
        .put("syntheticSha256", Sha256.of(request.synthetic()))
        .put("real", request.real().getFileName().toString())
        .put("realSha256", Sha256.of(request.real()))
        .put("realCaption", request.realCaption());
    return training;
  }

  private static boolean isFinite(Weights weights) {
    for (Tensor tensor : weights.tensors().values()) {
      for (float value : tensor.values()) {
        if (!Float.isFinite(value)) {
          return false;
        }
      }
    }
    return true;
  }
}
