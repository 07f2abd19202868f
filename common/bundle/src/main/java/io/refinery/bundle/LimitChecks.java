package io.refinery.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The checks of {@link BundleLimits} that both formats share. */
final class LimitChecks {

  private LimitChecks() {}

  static void checkBytes(Path file, BundleLimits limits) throws IOException, BundleException {
    long bytes = Files.size(file);
    if (bytes > limits.bytes()) {
      throw new BundleException(
          BundleFault.TOO_MANY_BYTES,
          "The bundle has " + bytes + " bytes; at most " + limits.bytes() + " are accepted");
    }
  }

  static void checkCount(long count, BundleLimits limits) throws BundleException {
    if (count < 1) {
      throw new BundleException(BundleFault.NO_IMAGES, "The bundle contains no images");
    }
    if (count > limits.images()) {
      throw new BundleException(
          BundleFault.TOO_MANY_IMAGES,
          "The bundle has " + count + " images; at most " + limits.images() + " are accepted");
    }
  }

  /**
   * Checks the size of an image.
   *
   * @param where names the image, at the start of a sentence
   */
  static void checkSide(long height, long width, String where, BundleLimits limits)
      throws BundleException {
    if (height > limits.side() || width > limits.side()) {
      throw new BundleException(
          BundleFault.IMAGE_TOO_LARGE,
          where
              + " is "
              + width
              + "x"
              + height
              + " pixels; at most "
              + limits.side()
              + " per side are accepted");
    }
    if (height * width > limits.pixels()) {
      throw new BundleException(
          BundleFault.IMAGE_TOO_LARGE,
          where
              + " is "
              + width
              + "x"
              + height
              + " pixels; at most "
              + limits.pixels()
              + " pixels per image are accepted");
    }
  }
}
