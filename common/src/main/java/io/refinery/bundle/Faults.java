package io.refinery.bundle;

import java.io.IOException;

/** Turns whatever a parser throws at broken bytes into a {@link BundleException}. */
final class Faults {

  private Faults() {}

  /** Something that reads a bundle. */
  @FunctionalInterface
  interface Reading<T> {
    T get() throws BundleException, IOException;
  }

  static BundleException unreadable(String message) {
    return new BundleException(BundleFault.UNREADABLE, message);
  }

  /**
   * Runs {@code reading}; parsers meet broken bytes with unchecked exceptions of every kind, and a
   * structure that contains itself with a full stack.
   *
   * @param what names what is read, at the start of a sentence
   */
  static <T> T guard(String what, Reading<T> reading) throws BundleException {
    try {
      return reading.get();
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw new BundleException(
          BundleFault.UNREADABLE, what + " is broken or cut short: " + reason(e), e);
    }
  }

  private static String reason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
