package io.refinery.bundle.table;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;

/** Short forms of the exceptions of this package. */
final class Faults {

  private Faults() {}

  static BundleException ambiguous(String message) {
    return new BundleException(BundleFault.AMBIGUOUS, message);
  }

  static BundleException unsupported(String message) {
    return new BundleException(BundleFault.UNSUPPORTED, message);
  }

  static BundleException unreadable(String message) {
    return new BundleException(BundleFault.UNREADABLE, message);
  }
}
