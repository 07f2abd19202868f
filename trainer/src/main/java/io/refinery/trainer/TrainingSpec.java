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
 * @param id permanent name of the training. With one, checkpoints are kept in object storage, a
 *     further run with the same id resumes from the latest one, and exactly one version is
 *     published, however often it runs. Same syntax as a model's name
 * @param model to train the next version of, such as {@code eyes}
 * @param synthetic the images that R learns to refine
 * @param real the images that refined ones should look like; same shape
 * @param realCaption caption of the real images in previews: "real", or a better word if they are
 *     not photographs
 * @param labelledReal real images with labels, used to evaluate a version and never to train it
 * @param engine its name, or {@link EngineSelection#AUTO}: the engine that started the training, or
 *     else the fastest
 * @param parent version of the same model whose networks and weights R and D start from
 * @param folder where the version's files are written; created if missing
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
                "A version of "
                    + model
                    + " cannot start from "
                    + reference
                    + ", a different model");
          }
        });
  }

  /**
   * A training with random initial weights on the CPU, by the fastest engine, without checkpoints.
   */
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

  /** Returns a copy that starts from a version of the same model. */
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

  /** Returns a copy with an id. */
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
