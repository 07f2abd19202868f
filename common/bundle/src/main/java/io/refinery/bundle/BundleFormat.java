package io.refinery.bundle;

/** The two forms a bundle has. */
public enum BundleFormat {
  HDF5("h5"),
  ZIP("zip");

  private final String extension;

  BundleFormat(String extension) {
    this.extension = extension;
  }

  /** What its files end in, without a dot. */
  public String extension() {
    return extension;
  }
}
