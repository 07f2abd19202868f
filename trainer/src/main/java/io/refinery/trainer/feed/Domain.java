package io.refinery.trainer.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleOptions;
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
    return new ChainedReader(files, BundleOptions.DEFAULT.withImages(source.images()));
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
      identities.add(new Identity(file.name(), file.identity(), source.images()));
    }
    return identities;
  }

  /**
   * A bundle and what identifies its content.
   *
   * @param bundle a file's path or an object's address
   * @param content {@code sha256:...} or {@code etag:...}
   * @param images the images that are taken of it, as in {@link DataSource#images}
   */
  public record Identity(
      String bundle,
      String content,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> images) {

    public Identity {
      images = List.copyOf(images);
    }

    /** Returns what identifies the images that are taken. */
    public String selection() {
      return images.isEmpty() ? content : content + " " + images;
    }
  }

  /** Returns the path or address that the user gave. */
  @Override
  public String toString() {
    return source.toString();
  }
}
