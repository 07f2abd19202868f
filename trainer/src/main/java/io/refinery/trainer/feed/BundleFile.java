package io.refinery.trainer.feed;

import java.io.IOException;

/** A bundle that can be fetched as a file on this machine. */
interface BundleFile {

  /** Returns the path or address that the user gave. */
  String name();

  /**
   * Returns the file, fetching it if necessary. The caller closes it.
   *
   * @throws io.refinery.storage.StorageException when it cannot be fetched
   */
  FetchedBundle fetch() throws IOException;

  /**
   * Returns what identifies the content: {@code sha256:...} of a file, {@code etag:...} of an
   * object.
   */
  String identity() throws IOException;
}
