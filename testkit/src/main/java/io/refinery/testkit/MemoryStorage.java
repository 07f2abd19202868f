package io.refinery.testkit;

import io.refinery.storage.DatedObject;
import io.refinery.storage.DownloadedObject;
import io.refinery.storage.ObjectContent;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.Sha256;
import io.refinery.storage.StorageException;
import io.refinery.storage.StorageException.Kind;
import io.refinery.storage.StoredObject;
import io.refinery.storage.UnfinishedUpload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A store in the test's memory, for tests that need no server. Used by many threads at once. */
public final class MemoryStorage implements ObjectStorage {

  private final NavigableMap<String, byte[]> objects = new TreeMap<>();
  private final Map<ObjectRef, Instant> dates = new HashMap<>();
  private final List<UnfinishedUpload> uploads = new ArrayList<>();
  private final List<ObjectRef> downloads = new ArrayList<>();

  /**
   * Returns a view of this store that ignores the condition of a write, as some stores do.
   *
   * @param operation {@code putIfAbsent} or {@code replace}
   */
  public ObjectStorage ignoringCondition(String operation) {
    return (ObjectStorage)
        Proxy.newProxyInstance(
            MemoryStorage.class.getClassLoader(),
            new Class<?>[] {ObjectStorage.class},
            (proxy, method, arguments) ->
                method.getName().equals(operation)
                    ? Optional.of(put((ObjectRef) arguments[0], (byte[]) arguments[1]))
                    : method.invoke(this, arguments));
  }

  /** Makes an object look as if it had been written at that time. */
  public synchronized void date(ObjectRef ref, Instant modified) {
    dates.put(ref, modified);
  }

  /** Adds an upload in parts that nobody will finish. */
  public synchronized void begin(UnfinishedUpload upload) {
    uploads.add(upload);
  }

  /** Every object that was downloaded, in order; one that was downloaded twice is here twice. */
  public synchronized List<ObjectRef> downloads() {
    return List.copyOf(downloads);
  }

  @Override
  public synchronized Optional<StoredObject> find(ObjectRef ref) {
    return Optional.ofNullable(objects.get(ref.toString())).map(bytes -> stored(ref, bytes));
  }

  @Override
  public synchronized ObjectContent read(ObjectRef ref, long maxBytes) {
    byte[] bytes = bytes(ref, maxBytes);
    return new ObjectContent(bytes.clone(), stored(ref, bytes).etag());
  }

  @Override
  public DownloadedObject download(ObjectRef ref, Path file, long maxBytes) {
    byte[] bytes;
    synchronized (this) {
      bytes = bytes(ref, maxBytes);
      downloads.add(ref);
    }
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new DownloadedObject(stored(ref, bytes), Sha256.of(bytes));
  }

  private byte[] bytes(ObjectRef ref, long maxBytes) {
    byte[] bytes = objects.get(ref.toString());
    if (bytes == null) {
      throw new StorageException(Kind.NOT_FOUND, "There is no object " + ref);
    }
    if (bytes.length > maxBytes) {
      throw new StorageException(Kind.TOO_LARGE, ref + " is too large");
    }
    return bytes;
  }

  @Override
  public StoredObject upload(ObjectRef ref, Path file) {
    try {
      return put(ref, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized StoredObject put(ObjectRef ref, byte[] bytes) {
    objects.put(ref.toString(), bytes.clone());
    dates.put(ref, Instant.now());
    return stored(ref, bytes);
  }

  @Override
  public synchronized Optional<StoredObject> putIfAbsent(ObjectRef ref, byte[] bytes) {
    return find(ref).isPresent() ? Optional.empty() : Optional.of(put(ref, bytes));
  }

  @Override
  public synchronized Optional<StoredObject> replace(ObjectRef ref, byte[] bytes, String etag) {
    return find(ref).filter(present -> present.etag().equals(etag)).map(same -> put(ref, bytes));
  }

  @Override
  public synchronized List<StoredObject> list(String bucket, String prefix) {
    String start = "s3://" + bucket + "/" + prefix;
    return objects.tailMap(start).entrySet().stream()
        .takeWhile(object -> object.getKey().startsWith(start))
        .map(object -> stored(ObjectRef.parse(object.getKey()), object.getValue()))
        .toList();
  }

  @Override
  public synchronized List<DatedObject> page(String bucket, String prefix, String after, int max) {
    return list(bucket, prefix).stream()
        .filter(object -> object.ref().key().compareTo(after) > 0)
        .limit(max)
        .map(object -> new DatedObject(object, dates.get(object.ref())))
        .toList();
  }

  @Override
  public synchronized List<UnfinishedUpload> unfinishedUploads(String bucket, String prefix) {
    return uploads.stream()
        .filter(upload -> upload.ref().bucket().equals(bucket))
        .filter(upload -> upload.ref().key().startsWith(prefix))
        .toList();
  }

  @Override
  public synchronized void abort(UnfinishedUpload upload) {
    uploads.remove(upload);
  }

  @Override
  public synchronized void delete(ObjectRef ref) {
    objects.remove(ref.toString());
  }

  @Override
  public void ensureBucket(String bucket) {
    // Every bucket exists.
  }

  @Override
  public void close() {
    // Nothing is open.
  }

  private static StoredObject stored(ObjectRef ref, byte[] bytes) {
    return new StoredObject(ref, bytes.length, Sha256.of(bytes));
  }
}
