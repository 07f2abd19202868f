package io.refinery.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.TrainingEngine;
import io.refinery.image.ImageShape;
import io.refinery.image.Preprocessing;
import io.refinery.json.Json;
import io.refinery.registry.LocalModel;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.VersionDraft;
import io.refinery.trainer.checkpoint.CheckpointMetadata;
import io.refinery.trainer.event.TrainingEvent.Speed;
import io.refinery.trainer.plan.TrainingPlan;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request with its engine, parent and bundles resolved. */
record TrainingContext(
    TrainingSpec request,
    EngineSelection<TrainingEngine> selection,
    Optional<LocalModel> parent,
    TrainingDomains sources,
    TrainingDomains.Identities identities)
    implements AutoCloseable {

  /** Gives the parent's files back to the cache. */
  @Override
  public void close() {
    parent.ifPresent(LocalModel::close);
  }

  /** The effective plan: with the parent's networks, or with networks that fit the images. */
  TrainingPlan plan(ImageShape shape) {
    return parent
        .map(LocalModel::manifest)
        .map(of -> request.plan().withNetworks(of.refiner(), of.discriminator()))
        .orElseGet(() -> request.plan().withChannels(shape.channels()));
  }

  /** How images are preprocessed before R sees them, here and in a worker. */
  Preprocessing preprocessing() {
    return request.plan().feed().equalise()
        ? Preprocessing.HISTOGRAM_EQUALISATION
        : Preprocessing.NONE;
  }

  /** The checkpoint metadata before the first step. */
  CheckpointMetadata start() {
    return CheckpointMetadata.start(
        request.model(),
        request.plan(),
        identities.contents(),
        selection.engine().name(),
        parent.map(from -> from.version().toString()));
  }

  VersionDraft draft(ImageShape shape, Map<String, Double> metrics, Map<String, Path> files) {
    TrainingPlan plan = plan(shape);
    return new VersionDraft(
        request.model(),
        plan.refiner(),
        plan.discriminator(),
        shape,
        preprocessing(),
        training(plan),
        metrics,
        selection.engine().name() + ": " + selection.description(),
        parent.map(LocalModel::version).map(ModelVersion::number),
        files);
  }

  /**
   * Facts about the training for the report, by name.
   *
   * @param inspected what was measured on refined images before publication
   */
  Map<String, String> facts(Speed speed, Optional<String> inspected, Collection<String> warnings) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("model", request.model());
    request.id().ifPresent(id -> facts.put("training", id));
    parent.ifPresent(from -> facts.put("parent", from.version().toString()));
    facts.put("synthetic", request.synthetic().toString());
    facts.put(request.realCaption(), request.real().toString());
    facts.put("engine", selection.description() + " on " + request.device());
    if (speed.steps() > 0) {
      facts.put(
          "steps",
          String.format(
              Locale.ROOT,
              "%d in all phases, %.2f per second; %.1f %% of the time was spent waiting for data",
              speed.steps(),
              speed.stepsPerSecond(),
              100 * speed.waitShare()));
    }
    inspected.ifPresent(sentence -> facts.put("refined images", sentence));
    facts.put("guards", warnings.isEmpty() ? "no findings" : String.join(" ", warnings));
    return facts;
  }

  /** The plan and, under {@code data}, the bundles that it was used on. */
  private JsonNode training(TrainingPlan plan) {
    ObjectNode training = Json.mapper().valueToTree(plan);
    ObjectNode data = training.putObject("data");
    data.set("synthetic", Json.mapper().valueToTree(identities.synthetic()));
    data.set("real", Json.mapper().valueToTree(identities.real()));
    data.put("realCaption", request.realCaption());
    return training;
  }
}
