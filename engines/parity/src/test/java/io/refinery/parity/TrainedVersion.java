package io.refinery.parity;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Provenance;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.DiscriminatorNetwork.Convolution;
import io.refinery.network.RefinerNetwork;
import io.refinery.trainer.Trainer;
import io.refinery.trainer.TrainingResult;
import io.refinery.trainer.TrainingSpec;
import io.refinery.trainer.algorithm.ControlSignal;
import io.refinery.trainer.feed.DataSource;
import io.refinery.trainer.plan.Preset;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A version that the trainer trains in a few steps. */
final class TrainedVersion {

  static final RefinerCase CASE =
      new RefinerCase("trained", new RefinerNetwork(1, 3, 8, 1), 4, 12, 16);

  private static final int IMAGES = 24;

  private TrainedVersion() {}

  /** Trains with {@code engine} and writes the version's files into {@code folder}. */
  static void train(String engine, Path folder) throws IOException, BundleException {
    Path data = Files.createDirectories(folder.resolveSibling("data-of-" + engine));
    TrainingSpec request =
        new TrainingSpec(
            Optional.empty(),
            "parity",
            plan(),
            DataSource.of(bundle(data.resolve("synthetic.h5"), 1)),
            DataSource.of(bundle(data.resolve("real.h5"), 2)),
            "real",
            Optional.empty(),
            engine,
            Device.cpu(),
            Optional.empty(),
            folder);
    TrainingResult result =
        new Trainer(Optional.empty(), data, EngineOptions.DEFAULTS)
            .train(request, event -> {}, () -> ControlSignal.CONTINUE);
    if (!(result instanceof TrainingResult.Written)) {
      throw new IllegalStateException("The training with " + engine + " ended with " + result);
    }
  }

  private static TrainingPlan plan() {
    DiscriminatorNetwork discriminator =
        new DiscriminatorNetwork(1, List.of(new Convolution(3, 2, 8), new Convolution(3, 2, 8)));
    return Preset.QUICK
        .plan()
        .withNetworks(CASE.network(), discriminator)
        .with(
            Map.of(
                "schedule.batch", "4",
                "schedule.discriminatorPretraining", "1",
                "schedule.refinerPretraining", "2",
                "schedule.steps", "6",
                "schedule.historySize", "8",
                "feed.heldOut", "6",
                "evaluation.locatorSteps", "2",
                "evaluation.featureSteps", "2",
                "evaluation.discriminatorSteps", "2"));
  }

  private static Path bundle(Path file, long seed) throws IOException {
    ImageShape shape = new ImageShape(1, CASE.height(), CASE.width());
    ImageBatch images = RandomModels.images(IMAGES, shape, seed);
    try (BundleWriter writer =
        Bundles.create(
            file,
            BundleFormat.HDF5,
            shape,
            IMAGES,
            PixelType.UINT8,
            List.of(),
            new Provenance(Map.of()))) {
      writer.write(images);
      writer.finish();
    }
    return file;
  }
}
