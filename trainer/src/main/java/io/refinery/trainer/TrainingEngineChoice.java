package io.refinery.trainer;

import io.refinery.engine.EngineException;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.TrainingEngine;
import io.refinery.trainer.checkpoint.CheckpointMetadata;
import java.util.Optional;

/** Chooses the engine. Checkpoints are engine-specific, so a resumed training keeps its engine. */
final class TrainingEngineChoice {

  private TrainingEngineChoice() {}

  /**
   * @param begun metadata of the training's checkpoint, if it has one
   * @param options of all engines
   * @throws EngineMismatchException when an engine other than the requested one started the
   *     training, or that engine cannot train here
   * @throws EngineException when no engine can start it
   */
  static EngineSelection<TrainingEngine> select(
      TrainingSpec request, Optional<CheckpointMetadata> begun, EngineOptions options) {
    if (begun.isEmpty()) {
      return EngineSelection.training(request.engine(), request.device(), options);
    }
    String first = begun.get().engine();
    if (!EngineSelection.isAuto(request.engine()) && !request.engine().equalsIgnoreCase(first)) {
      throw new EngineMismatchException(
          "%s was started by the engine %s, and %s cannot resume its checkpoint. Use a trainer"
                  .formatted(name(request), first, request.engine())
              + " with the engine %s or auto.".formatted(first));
    }
    try {
      return EngineSelection.training(first, request.device(), options);
    } catch (EngineException e) {
      throw new EngineMismatchException(
          "%s was started by the engine %s, and only that engine can resume its checkpoint. %s"
              .formatted(name(request), first, e.getMessage()),
          e);
    }
  }

  private static String name(TrainingSpec request) {
    return request.id().map(id -> "Training " + id).orElse("The training");
  }
}
