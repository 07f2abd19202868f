package io.refinery.message;

/** Why a job has no refined bundle; the names are part of the results' format. */
public enum ErrorCode {
  /** Not JSON, not an object, or a field that is missing or cannot be read. */
  BAD_MESSAGE,
  /** A schema of another name or another major version. */
  UNKNOWN_SCHEMA,
  /** A bucket that this worker may not use, or has no right to. */
  STORAGE_NOT_ALLOWED,
  NO_SUCH_OBJECT,
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
  INFLATES_TOO_MUCH,
  NO_SUCH_MODEL,
  /** The version's files do not fit its manifest, or make no refiner. */
  CORRUPT_MODEL,
  /** A gray model asked to refine colour images, or the other way round. */
  MODEL_DOES_NOT_FIT,
  /** The object in storage that holds the job's result cannot be read as one. */
  CORRUPT_RESULT,
  /** Tried as often as allowed, without success; the job itself may be valid. */
  INTERNAL
}
