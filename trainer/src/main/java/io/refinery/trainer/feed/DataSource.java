package io.refinery.trainer.feed;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where one domain's images are: bundles that are read one after another, all of one image size.
 *
 * @param bundles at least one of: a file's path, {@code s3://bucket/key} for one object, or {@code
 *     s3://bucket/prefix/} for every object below it, by key
 */
public record DataSource(List<String> bundles) {

  public DataSource {
    bundles = List.copyOf(bundles);
    if (bundles.isEmpty()) {
      throw new IllegalArgumentException("A domain has at least one bundle");
    }
  }

  public static DataSource of(Path... files) {
    return new DataSource(Stream.of(files).map(Path::toString).toList());
  }

  /** The bundles, for people. */
  @Override
  public String toString() {
    return String.join(", ", bundles);
  }
}
