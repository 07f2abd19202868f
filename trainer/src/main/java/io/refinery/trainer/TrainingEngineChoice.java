package io.refinery.trainer;

import io.refinery.engine.EngineException;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.TrainingEngine;
import io.refinery.trainer.checkpoint.CheckpointMetadata;
import java.util.Optional;

/** Chooses what trains: once begun, the engine that began, whose own form a checkpoint has. */
final class TrainingEngineChoice {

  private TrainingEngineChoice() {}

  /**
   * @param begun what the training's checkpoint says, where it has one
   * @throws EngineMismatchException where another engine than the wanted one has begun it, or the
   *     one that has cannot train here
   * @throws EngineException where no engine can begin it
   */
  static EngineSelection<TrainingEngine> select(
      TrainingSpec request, Optional<CheckpointMetadata> begun) {
    if (begun.isEmpty()) {
      return EngineSelection.training(request.engine(), request.device());
    }
    String first = begun.get().engine();
    if (!EngineSelection.isAuto(request.engine()) && !request.engine().equalsIgnoreCase(first)) {
      throw new EngineMismatchException(
          "%s was begun by the engine %s, and %s cannot go on from its checkpoint: a trainer with"
                  .formatted(name(request), first, request.engine())
              + " the engine %s or auto can.".formatted(first));
    }
    try {
      return EngineSelection.training(first, request.device());
    } catch (EngineException e) {
      throw new EngineMismatchException(
          "%s was begun by the engine %s, which alone can go on from its checkpoint. %s"
              .formatted(name(request), first, e.getMessage()),
          e);
    }
  }

  private static String name(TrainingSpec request) {
    return request.id().map(id -> "Training " + id).orElse("The training");
  }
}
