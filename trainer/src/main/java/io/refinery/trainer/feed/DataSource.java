package io.refinery.trainer.feed;

import io.refinery.bundle.BundleOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The bundles of one domain's images, which are read one after another and have one image size.
 *
 * @param bundles at least one of: a file's path, {@code s3://bucket/key} for one object, or {@code
 *     s3://bucket/prefix/} for every object below it, by key
 * @param images the images to take of every bundle, which must then be a ZIP, as in {@link
 *     BundleOptions#images}; empty for all
 */
public record DataSource(List<String> bundles, List<String> images) {

  public DataSource {
    bundles = List.copyOf(bundles);
    images = List.copyOf(images);
    if (bundles.isEmpty()) {
      throw new IllegalArgumentException("A domain needs at least one bundle");
    }
  }

  /** Creates a source of every image of its bundles. */
  public DataSource(List<String> bundles) {
    this(bundles, List.of());
  }

  public static DataSource of(Path... files) {
    return new DataSource(Stream.of(files).map(Path::toString).toList());
  }

  /** Returns the bundles and the chosen images for people to read. */
  @Override
  public String toString() {
    return String.join(", ", bundles) + (images.isEmpty() ? "" : " " + images);
  }
}
