package io.refinery.message;

/** Why a job has no refined bundle; the names are part of the results' format. */
public enum ErrorCode {
  /** Not JSON, not an object, or a field that is missing or cannot be read. */
  BAD_MESSAGE,
  /** A schema of another name or another major version. */
  UNKNOWN_SCHEMA,
  /** A bucket that jobs may not read from, or that the worker has no access to. */
  STORAGE_NOT_ALLOWED,
  NO_SUCH_OBJECT,
  /** Neither HDF5 nor ZIP. */
  NOT_A_BUNDLE,
  /** HDF5 or ZIP, but corrupt. */
  UNREADABLE,
  /** A sound bundle that uses something which Refinery cannot read or copy. */
  UNSUPPORTED,
  /** What belongs to what in the bundle cannot be told. */
  AMBIGUOUS,
  NO_IMAGES,
  /** Images of several sizes, or both gray and colour images. */
  MIXED_SIZES,
  /** NaN, infinity, or a value outside [0, 1]. */
  BAD_PIXELS,
  TOO_MANY_BYTES,
  IMAGE_TOO_LARGE,
  TOO_MANY_IMAGES,
  /** Decompresses to far more than its size. */
  INFLATES_TOO_MUCH,
  NO_SUCH_MODEL,
  /** The version's files do not match its manifest, or are not a valid refiner. */
  CORRUPT_MODEL,
  /** A gray model with colour images, or the reverse. */
  MODEL_DOES_NOT_FIT,
  /** The id already stands for another job. Never in a result: that is the other job's. */
  ID_ALREADY_USED,
  /** The object in storage that should hold the job's result is not a valid result. */
  CORRUPT_RESULT,
  /** Cancelled by a message. */
  CANCELLED,
  /** The job's deadline passed before it had a result. */
  DEADLINE_PASSED,
  /** The job ran longer than a worker lets a job run. */
  TIME_LIMIT,
  /** All tries failed; the job itself may be valid. */
  INTERNAL
}
