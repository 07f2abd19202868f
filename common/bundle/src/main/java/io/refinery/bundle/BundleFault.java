package io.refinery.bundle;

/** What is wrong with a bundle; the names are part of the results' format. */
public enum BundleFault {
  /** Neither HDF5 nor ZIP. */
  NOT_A_BUNDLE,
  /** HDF5 or ZIP, but broken, or laid out in a way that is not known. */
  UNREADABLE,
  NO_IMAGES,
  /** Images of several sizes, or gray among colour. */
  MIXED_SIZES,
  /** NaN, infinity, or a value outside [0, 1]. */
  BAD_PIXELS,
  TOO_MANY_BYTES,
  IMAGE_TOO_LARGE,
  TOO_MANY_IMAGES,
  /** Decompresses to far more than it is. */
  INFLATES_TOO_MUCH
}
