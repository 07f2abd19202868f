package io.refinery.bundle;

/** Why an image that other software reads is refused. */
final class ImageFaults {

  private ImageFaults() {}

  static BundleException unsupported(String where, String problem) {
    return new BundleException(BundleFault.UNSUPPORTED, where + " " + problem);
  }

  static BundleException depth(String where, int bits) {
    return unsupported(where, "has " + bits + " bits per channel; convert it to 8 bits");
  }

  static BundleException pages(String where, long count, String what) {
    return unsupported(where, "has " + count + " " + what + "; store each as an image of its own");
  }

  static BundleException transparent(String where) {
    return unsupported(where, "has transparent pixels; remove its alpha channel");
  }

  static BundleException colours(String where, String what) {
    return unsupported(where, "is " + what + ", neither gray nor RGB; convert it to RGB");
  }
}
