package io.refinery.storage;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What Refinery needs of an S3 service. Every method throws {@link StorageException}; used by many
 * threads at once.
 */
public interface ObjectStorage extends AutoCloseable {

  /** The object's description, or empty where there is no such object. */
  Optional<StoredObject> find(ObjectRef ref);

  /**
   * A small object as a whole.
   *
   * @param maxBytes a larger object is refused as TOO_LARGE before it is read
   */
  ObjectContent read(ObjectRef ref, long maxBytes);

  /**
   * Streams an object into {@code file}, which is replaced.
   *
   * @param maxBytes a larger object is refused as TOO_LARGE before it is read
   */
  StoredObject download(ObjectRef ref, Path file, long maxBytes);

  /** Streams {@code file} into an object, replacing what is there. */
  StoredObject upload(ObjectRef ref, Path file);

  /** Writes a small object, replacing what is there. */
  StoredObject put(ObjectRef ref, byte[] bytes);

  /**
   * Writes a small object if there is none (If-None-Match: *). Of many at once exactly one
   * succeeds, as long as they write different bytes: where an answer is lost, an object with the
   * same bytes is taken for the caller's own.
   *
   * @return empty where an object was there first
   */
  Optional<StoredObject> putIfAbsent(ObjectRef ref, byte[] bytes);

  /**
   * Replaces a small object if it still has this tag (If-Match). As with {@link #putIfAbsent}, the
   * bytes are the caller's signature.
   *
   * @return empty where it was changed in the meantime
   */
  Optional<StoredObject> replace(ObjectRef ref, byte[] bytes, String etag);

  /** Every object whose key begins with {@code prefix}, by key. */
  List<StoredObject> list(String bucket, String prefix);

  /** Removes an object; one that is not there is no error. */
  void delete(ObjectRef ref);

  /** Creates the bucket where there is none. */
  void ensureBucket(String bucket);

  @Override
  void close();
}
