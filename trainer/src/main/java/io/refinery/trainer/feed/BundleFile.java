package io.refinery.trainer.feed;

import java.io.IOException;

/** A bundle that can be had as a file on this machine. */
interface BundleFile {

  /** What the user called it. */
  String name();

  /**
   * The file, which the caller closes; fetched if it is not there.
   *
   * @throws io.refinery.storage.StorageException when it cannot be fetched
   */
  FetchedBundle fetch() throws IOException;

  /** What its content is known by: {@code sha256:...} of a file, {@code etag:...} of an object. */
  String identity() throws IOException;
}
