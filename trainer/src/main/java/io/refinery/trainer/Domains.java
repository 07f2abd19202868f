package io.refinery.trainer;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.Bundles;
import io.refinery.image.ImageShape;
import io.refinery.trainer.feed.ImageFeed;
import io.refinery.trainer.plan.Seeds;
import io.refinery.trainer.plan.TrainingPlan;
import java.nio.file.Path;

/** The two bundles of a training, opened; their images have one shape. */
record Domains(ImageFeed synthetic, ImageFeed real) implements AutoCloseable {

  /** Streams of the plan's seed; the engine draws the weights from the seed itself. */
  private static final long SYNTHETIC_STREAM = 1;

  private static final long REAL_STREAM = 2;

  /**
   * @throws BundleException naming the bundle that cannot be used
   */
  static Domains open(TrainingRequest request) throws BundleException {
    TrainingPlan plan = request.plan();
    ImageFeed synthetic =
        open(request.synthetic(), plan.feed(), Seeds.derive(plan.seed(), SYNTHETIC_STREAM));
    try {
      ImageFeed real = open(request.real(), plan.feed(), Seeds.derive(plan.seed(), REAL_STREAM));
      Domains domains = new Domains(synthetic, real);
      if (!real.shape().equals(synthetic.shape())) {
        domains.close();
        throw new BundleException(
            BundleFault.MIXED_SIZES,
            "Both domains have one shape: the images of "
                + request.synthetic()
                + " are "
                + synthetic.shape()
                + ", those of "
                + request.real()
                + " are "
                + real.shape());
      }
      return domains;
    } catch (BundleException | RuntimeException e) {
      synthetic.close();
      throw e;
    }
  }

  private static ImageFeed open(Path bundle, TrainingPlan.Feed plan, long seed)
      throws BundleException {
    try {
      return new ImageFeed(() -> Bundles.open(bundle, BundleLimits.DEFAULT), plan, seed);
    } catch (BundleException e) {
      throw new BundleException(e.fault(), bundle + ": " + e.getMessage(), e);
    }
  }

  ImageShape shape() {
    return synthetic.shape();
  }

  @Override
  public void close() {
    synthetic.close();
    real.close();
  }
}
