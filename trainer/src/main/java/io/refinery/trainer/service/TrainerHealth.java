package io.refinery.trainer.service;

import io.refinery.message.TrainingUpdate;
import io.refinery.status.Health;
import io.refinery.status.Status;
import java.util.Optional;

/**
 * How a trainer is.
 *
 * @param engine runtime and version
 * @param training that it works on
 */
public record TrainerHealth(
    Status status, String trainer, String engine, String device, Optional<Current> training)
    implements Health {

  /**
   * A training that runs.
   *
   * @param step the last one that was done
   */
  public record Current(String id, String model, Optional<TrainingUpdate.Step> step) {}
}
