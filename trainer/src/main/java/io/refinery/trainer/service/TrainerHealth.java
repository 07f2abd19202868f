package io.refinery.trainer.service;

import io.refinery.message.TrainingUpdate;
import io.refinery.status.Health;
import io.refinery.status.Status;
import java.util.Optional;

/**
 * The health of a trainer.
 *
 * @param engine runtime and version
 * @param training the running training
 * @param outage why the broker or the store cannot be used
 */
public record TrainerHealth(
    Status status,
    String trainer,
    String engine,
    String device,
    Optional<Current> training,
    Optional<String> outage)
    implements Health {

  /**
   * A running training.
   *
   * @param step the last completed step
   */
  public record Current(String id, String model, Optional<TrainingUpdate.Step> step) {}
}
