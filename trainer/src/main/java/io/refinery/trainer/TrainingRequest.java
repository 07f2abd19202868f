package io.refinery.trainer;

import io.refinery.engine.Device;
import io.refinery.engine.EngineSelection;
import io.refinery.registry.ModelReference;
import io.refinery.trainer.plan.TrainingPlan;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What to train.
 *
 * @param model whose next version comes out, such as {@code eyes}
 * @param synthetic bundle of the images that R learns to refine
 * @param real bundle of the images that refined ones shall look like, of the same shape
 * @param realCaption what the real images are called in previews: "real", or what they are where
 *     they are not photographs
 * @param engine its name, or {@link EngineSelection#AUTO}
 * @param parent version of the same model whose weights and networks both start from
 * @param folder where the version's files are written; made where it is missing
 */
public record TrainingRequest(
    String model,
    TrainingPlan plan,
    Path synthetic,
    Path real,
    String realCaption,
    String engine,
    Device device,
    Optional<ModelReference> parent,
    Path folder) {

  public TrainingRequest {
    ModelReference.requireName(model);
    parent.ifPresent(
        reference -> {
          if (!reference.name().equals(model)) {
            throw new IllegalArgumentException(
                "A version of " + model + " cannot go on from " + reference);
          }
        });
  }

  /** Freshly drawn weights, the fastest engine, the processor. */
  public TrainingRequest(String model, TrainingPlan plan, Path synthetic, Path real, Path folder) {
    this(
        model,
        plan,
        synthetic,
        real,
        "real",
        EngineSelection.AUTO,
        Device.cpu(),
        Optional.empty(),
        folder);
  }

  /** The same, starting from a version of the same model. */
  public TrainingRequest from(ModelReference version) {
    return new TrainingRequest(
        model, plan, synthetic, real, realCaption, engine, device, Optional.of(version), folder);
  }
}
