package io.refinery.trainer.feed;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleReader;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The bundles that were found for one domain. */
public final class Domain {

  private final DataSource source;
  private final List<BundleFile> files;

  /**
   * @throws BundleException when there is no bundle
   * @throws io.refinery.storage.StorageException when an object is missing
   */
  public Domain(DataSource source, BundleFiles bundles) throws BundleException {
    this.source = source;
    this.files = bundles.list(source);
  }

  /**
   * Opens the domain's images from the first one on.
   *
   * @throws BundleException naming the bundle that cannot be read
   */
  public BundleReader open() throws BundleException {
    return new ChainedReader(files);
  }

  /**
   * Opens an endless feed of the domain's images from a position on, decoded ahead.
   *
   * @param seed the seed of the images' order
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

  /** Returns what identifies the content of each bundle. */
  public List<Identity> identities() throws IOException {
    List<Identity> identities = new ArrayList<>();
    for (BundleFile file : files) {
      identities.add(new Identity(file.name(), file.identity()));
    }
    return identities;
  }

  /**
   * A bundle and what identifies its content.
   *
   * @param bundle a file's path or an object's address
   * @param content {@code sha256:...} or {@code etag:...}
   */
  public record Identity(String bundle, String content) {}

  /** Returns the path or address that the user gave. */
  @Override
  public String toString() {
    return source.toString();
  }
}
