package io.refinery.trainer.feed;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The bundles of one domain's images, which are read one after another and have one image size.
 *
 * @param bundles at least one of: a file's path, {@code s3://bucket/key} for one object, or {@code
 *     s3://bucket/prefix/} for every object below it, by key
 */
public record DataSource(List<String> bundles) {

  public DataSource {
    bundles = List.copyOf(bundles);
    if (bundles.isEmpty()) {
      throw new IllegalArgumentException("A domain needs at least one bundle");
    }
  }

  public static DataSource of(Path... files) {
    return new DataSource(Stream.of(files).map(Path::toString).toList());
  }

  /** Returns the bundles for people to read. */
  @Override
  public String toString() {
    return String.join(", ", bundles);
  }
}
