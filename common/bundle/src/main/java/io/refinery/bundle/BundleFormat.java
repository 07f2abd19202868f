package io.refinery.bundle;

/** The two file formats of a bundle. */
public enum BundleFormat {
  HDF5("h5"),
  ZIP("zip");

  private final String extension;

  BundleFormat(String extension) {
    this.extension = extension;
  }

  /** The file name extension, without a dot. */
  public String extension() {
    return extension;
  }
}
