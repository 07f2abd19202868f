package io.refinery.bundle;

/** What is wrong with a bundle. The constants' names are part of the result message format. */
public enum BundleFault {
  /** Neither HDF5 nor ZIP. */
  NOT_A_BUNDLE,
  /** HDF5 or ZIP, but corrupt: other readers refuse it too. */
  UNREADABLE,
  /** A sound file that uses something which Refinery cannot read or copy. */
  UNSUPPORTED,
  /** What belongs to what cannot be told, such as a row of labels that names no image. */
  AMBIGUOUS,
  NO_IMAGES,
  /** Images of different sizes, or gray and colour images mixed. */
  MIXED_SIZES,
  /** An image in colour, where gray ones are asked for. */
  NOT_GRAY,
  /** NaN, infinity, or a value outside [0, 1]. */
  BAD_PIXELS,
  TOO_MANY_BYTES,
  IMAGE_TOO_LARGE,
  TOO_MANY_IMAGES,
  /** Decompresses to far more than its own size. */
  INFLATES_TOO_MUCH
}
