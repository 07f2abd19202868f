package io.refinery.trainer;

import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Provenance;
import io.refinery.engine.Losses;
import io.refinery.engine.Losses.Reduction;
import io.refinery.engine.Optimizer;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.DiscriminatorNetwork.Convolution;
import io.refinery.network.RefinerNetwork;
import io.refinery.trainer.plan.EvaluationPlan;
import io.refinery.trainer.plan.GuardPlan;
import io.refinery.trainer.plan.Schedule;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Two domains that differ only in brightness, and networks just large enough for them. */
public final class Squares {

  public static final ImageShape SHAPE = new ImageShape(1, 12, 16);

  private static final int SIDE = 4;

  /** Two levels of 255. */
  private static final double NOISE = 2 / 127.5;

  /** The level of the background; squares are 1 brighter. */
  public enum Look {
    DARK(-0.6f),
    BRIGHT(-0.3f);

    private final float background;

    Look(float background) {
      this.background = background;
    }
  }

  private Squares() {}

  /** Squares at random places, with a little noise so that no two images are the same. */
  public static ImageBatch images(Look look, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SplittableRandom noise = new SplittableRandom(~seed);
    float[] pixels = new float[count * SHAPE.values()];
    for (int image = 0; image < count; image++) {
      int start = image * SHAPE.values();
      Arrays.fill(pixels, start, start + SHAPE.values(), look.background);
      int top = random.nextInt(SHAPE.height() - SIDE);
      int left = random.nextInt(SHAPE.width() - SIDE);
      for (int row = top; row < top + SIDE; row++) {
        int from = start + row * SHAPE.width() + left;
        Arrays.fill(pixels, from, from + SIDE, look.background + 1f);
      }
      for (int pixel = start; pixel < start + SHAPE.values(); pixel++) {
        pixels[pixel] += (float) noise.nextDouble(-NOISE, NOISE);
      }
    }
    return new ImageBatch(count, SHAPE, pixels);
  }

  public static Path bundle(Path folder, Look look, int count, long seed) throws IOException {
    return bundle(folder.resolve(look + ".h5"), images(look, count, seed));
  }

  public static Path bundle(Path file, ImageBatch images) throws IOException {
    try (BundleWriter writer =
        Bundles.create(
            file,
            BundleFormat.HDF5,
            images.shape(),
            images.count(),
            PixelType.UINT8,
            List.of(),
            new Provenance(Map.of()))) {
      writer.write(images);
      writer.finish();
    }
    return file;
  }

  public static TrainingPlan plan(Schedule schedule) {
    Optimizer adam = new Optimizer.Adam(0.003, 0.5, 0.999, 1e-8);
    return new TrainingPlan(
        new RefinerNetwork(1, 3, 6, 1),
        new DiscriminatorNetwork(1, List.of(new Convolution(3, 2, 8), new Convolution(3, 2, 8))),
        schedule,
        new Losses(Reduction.MEAN, 0.2, Reduction.MEAN),
        adam,
        adam,
        List.of(),
        0,
        new TrainingPlan.Feed(100, 10),
        GuardPlan.DEFAULT,
        new EvaluationPlan(EvaluationPlan.DEFAULT.points(), "look_vec", 5, 5, 5, 5, 50, 100),
        0,
        500,
        1);
  }
}
