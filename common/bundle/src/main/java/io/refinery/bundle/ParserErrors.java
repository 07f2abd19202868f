package io.refinery.bundle;

import io.jhdf.exceptions.UnsupportedHdfException;
import io.refinery.image.ImageShape;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns whatever a parser throws for corrupt input into a {@link BundleException}. */
final class ParserErrors {

  private ParserErrors() {}

  /** An action that reads a bundle. */
  @FunctionalInterface
  interface Reading<T> {
    T get() throws BundleException, IOException;
  }

  static BundleException unreadable(String message) {
    return new BundleException(BundleFault.UNREADABLE, message);
  }

  static BundleException mixed(String name, ImageShape found, ImageShape first) {
    return new BundleException(
        BundleFault.MIXED_SIZES,
        "Image '"
            + name
            + "' is "
            + found
            + " while the first image is "
            + first
            + "; all images must have one size and be all gray or all colour");
  }

  /**
   * Runs {@code reading}. On corrupt bytes, parsers throw unchecked exceptions of every kind; on a
   * structure that contains itself, they overflow the stack. Only an {@link
   * UnsupportedHdfException} says that the input may be sound, and an {@link HdfSpoolException},
   * which is thrown on, that the failure is not about the input.
   *
   * @param what names the input, at the start of a sentence
   */
  static <T> T guard(String what, Reading<T> reading) throws BundleException {
    try {
      return reading.get();
    } catch (IOException | RuntimeException | StackOverflowError e) {
      Throwable root = root(e);
      Optional<HdfSpoolException> local = local(e);
      if (local.isPresent()) {
        throw local.get();
      }
      if (root instanceof InflationLimitException) {
        throw new BundleException(BundleFault.INFLATES_TOO_MUCH, root.getMessage(), e);
      }
      if (root instanceof UnsupportedHdfException) {
        throw new BundleException(
            BundleFault.UNSUPPORTED, what + " cannot be read: " + reason(root), e);
      }
      throw new BundleException(
          BundleFault.UNREADABLE, what + " is corrupt or truncated: " + reason(root), e);
    }
  }

  private static Optional<HdfSpoolException> local(Throwable e) {
    return Stream.iterate(e, Objects::nonNull, Throwable::getCause)
        .filter(HdfSpoolException.class::isInstance)
        .map(HdfSpoolException.class::cast)
        .findFirst();
  }

  private static Throwable root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static String reason(Throwable root) {
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
