package io.refinery.bundle;

/** What a name in a group stands for. */
sealed interface HdfLink {

  /** An object of this file. */
  record Hard(long address) implements HdfLink {}

  /** A path in this file; relative to the group, unless it starts with a slash. */
  record Soft(String path) implements HdfLink {}

  /** A path in another file. */
  record External(String file, String path) implements HdfLink {}

  /** A type of link that only some program knows. */
  record Other(int type) implements HdfLink {}
}
