package io.refinery.trainer;

import io.refinery.engine.Device;
import io.refinery.engine.EngineSelection;
import io.refinery.registry.ModelReference;
import io.refinery.trainer.feed.DataSource;
import io.refinery.trainer.plan.TrainingPlan;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What to train.
 *
 * @param id names the training for good: with one, checkpoints are kept in object storage, a second
 *     training of that id goes on from the last of them, and it publishes one version however often
 *     it is run. Small letters, digits and dashes, as a model's name
 * @param model whose next version comes out, such as {@code eyes}
 * @param synthetic the images that R learns to refine
 * @param real the images that refined ones shall look like, of the same shape
 * @param realCaption what the real images are called in previews: "real", or what they are where
 *     they are not photographs
 * @param labelledReal real images with labels, which a version is judged by and never trained on
 * @param engine its name, or {@link EngineSelection#AUTO}: the one that has begun the training, or
 *     else the fastest
 * @param parent version of the same model whose weights and networks both start from
 * @param folder where the version's files are written; made where it is missing
 */
public record TrainingSpec(
    Optional<String> id,
    String model,
    TrainingPlan plan,
    DataSource synthetic,
    DataSource real,
    String realCaption,
    Optional<DataSource> labelledReal,
    String engine,
    Device device,
    Optional<ModelReference> parent,
    Path folder) {

  public TrainingSpec {
    id.ifPresent(ModelReference::requireName);
    ModelReference.requireName(model);
    parent.ifPresent(
        reference -> {
          if (!reference.name().equals(model)) {
            throw new IllegalArgumentException(
                "A version of " + model + " cannot go on from " + reference);
          }
        });
  }

  /** Freshly drawn weights, the fastest engine, the processor, no checkpoints. */
  public TrainingSpec(
      String model, TrainingPlan plan, DataSource synthetic, DataSource real, Path folder) {
    this(
        Optional.empty(),
        model,
        plan,
        synthetic,
        real,
        "real",
        Optional.empty(),
        EngineSelection.AUTO,
        Device.cpu(),
        Optional.empty(),
        folder);
  }

  /** The same, starting from a version of the same model. */
  public TrainingSpec from(ModelReference version) {
    return new TrainingSpec(
        id,
        model,
        plan,
        synthetic,
        real,
        realCaption,
        labelledReal,
        engine,
        device,
        Optional.of(version),
        folder);
  }

  /** The same under an id. */
  public TrainingSpec as(String name) {
    return new TrainingSpec(
        Optional.of(name),
        model,
        plan,
        synthetic,
        real,
        realCaption,
        labelledReal,
        engine,
        device,
        parent,
        folder);
  }
}
