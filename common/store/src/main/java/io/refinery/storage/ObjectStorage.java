package io.refinery.storage;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The operations that Refinery needs from an S3 service. Every method may throw {@link
 * StorageException}. Thread-safe.
 *
 * <p>Whatever is written has its SHA-256 as the user metadata {@code refinery-sha256}. Whatever is
 * read is compared with it, or with the checksums of the store; bytes that differ are DAMAGED.
 */
public interface ObjectStorage extends AutoCloseable {

  /** Returns the object's description, or empty if there is no such object. */
  Optional<StoredObject> find(ObjectRef ref);

  /**
   * Reads a small object.
   *
   * @param maxBytes a larger object is refused as TOO_LARGE before it is read
   */
  ObjectContent read(ObjectRef ref, long maxBytes);

  /**
   * Streams an object into {@code file}, which is replaced.
   *
   * @param maxBytes a larger object is refused as TOO_LARGE before it is read
   */
  DownloadedObject download(ObjectRef ref, Path file, long maxBytes);

  /** Streams {@code file} into an object, replacing what is there. */
  StoredObject upload(ObjectRef ref, Path file);

  /** Writes a small object, replacing what is there. */
  StoredObject put(ObjectRef ref, byte[] bytes);

  /**
   * Writes a small object if there is none (If-None-Match: *). Exactly one of several concurrent
   * calls succeeds, provided that they write different bytes: if a response is lost, an object with
   * the same bytes is taken for the caller's own.
   *
   * @return empty if the object already exists
   */
  Optional<StoredObject> putIfAbsent(ObjectRef ref, byte[] bytes);

  /**
   * Replaces a small object if it still has this tag (If-Match). As with {@link #putIfAbsent}, the
   * bytes identify the caller.
   *
   * @return empty if it was changed or deleted in the meantime
   */
  Optional<StoredObject> replace(ObjectRef ref, byte[] bytes, String etag);

  /** Lists all objects whose key begins with {@code prefix}, by key. */
  List<StoredObject> list(String bucket, String prefix);

  /**
   * Lists some of the objects whose key begins with {@code prefix}, by key, with their dates.
   *
   * @param after the last key of the page before; empty for the first page
   * @param max most objects to list, 1 to 1,000
   */
  List<DatedObject> page(String bucket, String prefix, String after, int max);

  /** Removes an object; a missing object is not an error. */
  void delete(ObjectRef ref);

  /**
   * Lists the uploads in parts to objects whose key begins with {@code prefix}. Stores that cannot
   * list them have none: MinIO's server, which removes them after a day itself.
   */
  List<UnfinishedUpload> unfinishedUploads(String bucket, String prefix);

  /** Removes the parts of an upload; a missing upload is not an error. */
  void abort(UnfinishedUpload upload);

  /** Creates the bucket if there is none. */
  void ensureBucket(String bucket);

  @Override
  void close();
}
