package io.refinery.trainer.feed;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleReader;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One domain's bundles, found. */
public final class Domain {

  private final DataSource source;
  private final List<BundleFile> files;

  /**
   * @throws BundleException when there is no bundle
   * @throws io.refinery.storage.StorageException when an object is not there
   */
  public Domain(DataSource source, BundleFiles bundles) throws BundleException {
    this.source = source;
    this.files = bundles.list(source);
  }

  /**
   * Reads its images from the first one on.
   *
   * @throws BundleException naming the bundle that cannot be read
   */
  public BundleReader open() throws BundleException {
    return new ChainedReader(files);
  }

  /**
   * Its images without end, from a position on, decoded ahead.
   *
   * @param seed of their order
   * @throws BundleException naming the bundle that cannot be read
   */
  public PrefetchedFeed feed(TrainingPlan plan, long seed, FeedPosition position)
      throws BundleException {
    ImageFeed feed = new ImageFeed(this::open, plan.feed(), seed);
    try {
      feed.seek(position);
    } catch (BundleException | RuntimeException e) {
      feed.close();
      throw e;
    }
    return new PrefetchedFeed("refinery-decode", feed, plan.schedule().batch());
  }

  /** What its content is known by, bundle by bundle. */
  public List<Identity> identities() throws IOException {
    List<Identity> identities = new ArrayList<>();
    for (BundleFile file : files) {
      identities.add(new Identity(file.name(), file.identity()));
    }
    return identities;
  }

  /**
   * A bundle and what its content is known by.
   *
   * @param bundle a file's path or an object's address
   * @param content {@code sha256:...} or {@code etag:...}
   */
  public record Identity(String bundle, String content) {}

  /** What the user called it. */
  @Override
  public String toString() {
    return source.toString();
  }
}
