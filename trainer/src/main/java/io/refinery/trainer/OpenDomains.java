package io.refinery.trainer;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.image.ImageShape;
import io.refinery.trainer.event.TrainingEvent.Finding;
import io.refinery.trainer.feed.DataSource;
import io.refinery.trainer.feed.Domain;
import io.refinery.trainer.feed.FeedPosition;
import io.refinery.trainer.feed.PrefetchedFeed;
import io.refinery.trainer.guard.DomainCheck;
import io.refinery.trainer.guard.DomainImages;
import io.refinery.trainer.plan.Seeds;
import io.refinery.trainer.plan.TrainingPlan;
import java.util.List;

/** The two open domains of a training; their images have the same shape. */
record OpenDomains(PrefetchedFeed synthetic, PrefetchedFeed real) implements AutoCloseable {

  /** Random streams of the plan's seed; the engine draws the weights from the seed itself. */
  private static final long SYNTHETIC_STREAM = 1;

  private static final long REAL_STREAM = 2;

  /**
   * @param synthetic position of its first image
   * @param real position of its first image
   * @throws BundleException naming the bundle that cannot be used
   */
  static OpenDomains open(
      TrainingPlan plan, TrainingDomains sources, FeedPosition synthetic, FeedPosition real)
      throws BundleException {
    PrefetchedFeed first =
        sources.synthetic().feed(plan, Seeds.derive(plan.seed(), SYNTHETIC_STREAM), synthetic);
    try {
      PrefetchedFeed second =
          sources.real().feed(plan, Seeds.derive(plan.seed(), REAL_STREAM), real);
      OpenDomains domains = new OpenDomains(first, second);
      if (!second.shape().equals(first.shape())) {
        domains.close();
        throw new BundleException(
            BundleFault.MIXED_SIZES,
            "Both domains must have the same image shape: the images of "
                + sources.synthetic()
                + " are "
                + first.shape()
                + ", those of "
                + sources.real()
                + " are "
                + second.shape());
      }
      return domains;
    } catch (BundleException | RuntimeException e) {
      first.close();
      throw e;
    }
  }

  ImageShape shape() {
    return synthetic.shape();
  }

  /** Checks the images of both domains. */
  List<Finding> check(TrainingDomains.Identities identities, TrainingSpec request) {
    return DomainCheck.check(
        images("synthetic", request.synthetic(), identities.synthetic(), synthetic),
        images("real", request.real(), identities.real(), real),
        request.plan().schedule().batch());
  }

  private static DomainImages images(
      String name, DataSource source, List<Domain.Identity> bundles, PrefetchedFeed feed) {
    return new DomainImages(
        name, source.toString(), bundles, feed.firstImages(), feed.heldOut().positions());
  }

  /** Seconds spent waiting for images, summed over both domains. */
  double waited() {
    return (synthetic.waited().toNanos() + real.waited().toNanos()) / 1e9;
  }

  @Override
  public void close() {
    synthetic.close();
    real.close();
  }
}
