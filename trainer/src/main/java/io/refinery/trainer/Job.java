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
import io.refinery.trainer.checkpoint.Progress;
import io.refinery.trainer.plan.TrainingPlan;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A request with everything that it names found. */
record Job(
    TrainingRequest request,
    EngineSelection<TrainingEngine> selection,
    Optional<LocalModel> parent,
    Sources sources,
    Sources.Identities identities) {

  /** The plan that is followed: with the parent's networks, or those that fit the images. */
  TrainingPlan plan(ImageShape shape) {
    return parent
        .map(LocalModel::manifest)
        .map(of -> request.plan().withNetworks(of.refiner(), of.discriminator()))
        .orElseGet(() -> request.plan().withChannels(shape.channels()));
  }

  /** Before the first step. */
  Progress start() {
    return Progress.start(
        request.model(),
        request.plan(),
        identities.contents(),
        selection.engine().name() + " on " + request.device());
  }

  VersionDraft draft(ImageShape shape, Map<String, Double> metrics, Map<String, Path> files) {
    TrainingPlan plan = plan(shape);
    return new VersionDraft(
        request.model(),
        plan.refiner(),
        plan.discriminator(),
        shape,
        plan.feed().equalise() ? Preprocessing.HISTOGRAM_EQUALISATION : Preprocessing.NONE,
        training(plan),
        metrics,
        selection.engine().name() + ": " + selection.description(),
        parent.map(LocalModel::version).map(ModelVersion::number),
        files);
  }

  /** The plan and, beside it as {@code data}, what it was used on. */
  private JsonNode training(TrainingPlan plan) {
    ObjectNode training = Json.mapper().valueToTree(plan);
    ObjectNode data = training.putObject("data");
    data.set("synthetic", Json.mapper().valueToTree(identities.synthetic()));
    data.set("real", Json.mapper().valueToTree(identities.real()));
    data.put("realCaption", request.realCaption());
    return training;
  }
}
