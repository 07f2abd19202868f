package io.refinery.storage;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioAsyncClient;
import io.minio.MinioClient;
import io.minio.ObjectWriteResponse;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.UploadObjectArgs;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import io.refinery.storage.StorageException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Any S3 service, accessed through the MinIO client. Calls that fail because the store is
 * unavailable, or because bytes arrive damaged, are retried 5 times within about 6 seconds.
 */
public final class MinioStorage implements ObjectStorage {

  private static final Logger LOG = LoggerFactory.getLogger(MinioStorage.class);

  private static final long PART_BYTES = 16L << 20;
  private static final int BUFFER_BYTES = 1 << 16;

  private static final Set<Kind> PASSING = Set.of(Kind.UNAVAILABLE, Kind.DAMAGED);
  private static final Duration FIRST_DELAY = Duration.ofMillis(200);

  private final OkHttpClient http;
  private final MinioClient client;
  private final MinioClient onceClient;
  private final PartUploads uploads;
  private final StorageErrors errors;
  private final StorageKeys keys;
  private final RetryPolicy<Object> whileUnavailable;

  /**
   * @throws IllegalArgumentException when the credentials or certificates that {@code config} names
   *     cannot be used
   */
  public MinioStorage(StorageConfig config) {
    this(config, FIRST_DELAY);
  }

  /**
   * @param firstDelay the delay before the first retry; doubles with every further one
   */
  MinioStorage(StorageConfig config, Duration firstDelay) {
    whileUnavailable =
        RetryPolicy.builder()
            .handleIf(e -> e instanceof StorageException s && PASSING.contains(s.kind()))
            .withBackoff(firstDelay, firstDelay.multipliedBy(25))
            .withJitter(0.2)
            .withMaxRetries(5)
            .onRetry(e -> LOG.warn("Retrying: {}", e.getLastException().getMessage()))
            .build();
    http = HttpClients.of(config);
    keys = new StorageKeys(config);
    client = client(config, http, keys);
    // A repeated conditional put would find the object of the first and take it for another
    // writer's.
    onceClient = client(config, http.newBuilder().retryOnConnectionFailure(false).build(), keys);
    uploads = new PartUploads(asyncClient(config, http, keys));
    errors = new StorageErrors(config.endpoint());
  }

  private static MinioClient client(StorageConfig config, OkHttpClient http, StorageKeys keys) {
    return MinioClient.builder()
        .endpoint(config.endpoint().toString())
        .region(config.region())
        .credentialsProvider(keys)
        .httpClient(http)
        .build();
  }

  private static MinioAsyncClient asyncClient(
      StorageConfig config, OkHttpClient http, StorageKeys keys) {
    return MinioAsyncClient.builder()
        .endpoint(config.endpoint().toString())
        .region(config.region())
        .credentialsProvider(keys)
        .httpClient(http)
        .build();
  }

  @Override
  public Optional<StoredObject> find(ObjectRef ref) {
    return repeatedly(
        "looking for " + ref,
        () -> {
          try {
            StatObjectResponse found =
                client.statObject(
                    StatObjectArgs.builder().bucket(ref.bucket()).object(ref.key()).build());
            return Optional.of(new StoredObject(ref, found.size(), found.etag()));
          } catch (MinioException e) {
            if (isStatus(e, StorageErrors.NOT_FOUND)) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  @Override
  public ObjectContent read(ObjectRef ref, long maxBytes) {
    return repeatedly("reading " + ref, () -> content(ref, maxBytes));
  }

  private ObjectContent content(ObjectRef ref, long maxBytes) throws Exception {
    try (GetObjectResponse in = open(ref)) {
      long size = size(in, ref, maxBytes);
      byte[] bytes = in.readNBytes(Math.toIntExact(size));
      requireWhole(ref, size, bytes.length);
      ReceivedBytes received = new ReceivedBytes(in.headers());
      received.add(bytes, bytes.length);
      received.requireIntact(ref);
      return new ObjectContent(bytes, etag(in));
    }
  }

  @Override
  public DownloadedObject download(ObjectRef ref, Path file, long maxBytes) {
    return repeatedly(
        "downloading " + ref,
        () -> {
          try (GetObjectResponse in = open(ref)) {
            long size = size(in, ref, maxBytes);
            ReceivedBytes received = new ReceivedBytes(in.headers());
            requireWhole(ref, size, copy(in, file, received));
            String sha256 = received.requireIntact(ref);
            return new DownloadedObject(new StoredObject(ref, size, etag(in)), sha256);
          }
        });
  }

  private GetObjectResponse open(ObjectRef ref) throws MinioException {
    return client.getObject(
        GetObjectArgs.builder()
            .bucket(ref.bucket())
            .object(ref.key())
            .extraHeaders(Map.of("x-amz-checksum-mode", "ENABLED"))
            .build());
  }

  private static long size(GetObjectResponse in, ObjectRef ref, long maxBytes) {
    String header = in.headers().get("Content-Length");
    if (header == null) {
      throw new StorageException(Kind.UNAVAILABLE, "The store does not report the size of " + ref);
    }
    long size = Long.parseLong(header);
    if (size > maxBytes) {
      throw new StorageException(
          Kind.TOO_LARGE, ref + " has " + size + " bytes; the limit is " + maxBytes);
    }
    return size;
  }

  private static String etag(GetObjectResponse in) {
    String tag = in.headers().get("ETag");
    return tag == null ? "" : unquoted(tag);
  }

  private static void requireWhole(ObjectRef ref, long size, long received) {
    if (received != size) {
      throw new StorageException(
          Kind.UNAVAILABLE, ref + " ended after " + received + " of " + size + " bytes");
    }
  }

  /** Errors of the local file are not reported as errors of the store. */
  private static long copy(InputStream in, Path file, ReceivedBytes received) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long copied = 0;
    try (OutputStream out = create(file)) {
      int read = in.read(buffer);
      while (read >= 0) {
        write(out, buffer, read, file);
        received.add(buffer, read);
        copied += read;
        read = in.read(buffer);
      }
    }
    return copied;
  }

  private static OutputStream create(Path file) {
    try {
      return Files.newOutputStream(file);
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static void write(OutputStream out, byte[] buffer, int length, Path file) {
    try {
      out.write(buffer, 0, length);
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static UncheckedIOException cannotWrite(Path file, IOException e) {
    String reason = FullDisk.caused(e) ? FullDisk.sentence(file) : e.toString();
    return new UncheckedIOException("Cannot write " + file + ": " + reason, e);
  }

  @Override
  public StoredObject upload(ObjectRef ref, Path file) {
    return repeatedly(
        "uploading " + file + " as " + ref,
        () -> {
          if (!Files.isRegularFile(file)) {
            throw new UncheckedIOException(new NoSuchFileException(file.toString()));
          }
          ObjectWriteResponse written =
              client.uploadObject(
                  UploadObjectArgs.builder()
                      .bucket(ref.bucket())
                      .object(ref.key())
                      .filename(file.toString(), PART_BYTES)
                      .userMetadata(Map.of(ReceivedBytes.SHA256_METADATA, sha256(file)))
                      .build());
          return new StoredObject(ref, Files.size(file), unquoted(written.etag()));
        });
  }

  /** Errors of the local file are not reported as errors of the store. */
  private static String sha256(Path file) {
    try {
      return Sha256.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e, e);
    }
  }

  @Override
  public StoredObject put(ObjectRef ref, byte[] bytes) {
    return repeatedly("writing " + ref, () -> write(client, ref, bytes, Map.of()));
  }

  @Override
  public Optional<StoredObject> putIfAbsent(ObjectRef ref, byte[] bytes) {
    return conditionally(ref, bytes, Map.of("If-None-Match", "*"));
  }

  @Override
  public Optional<StoredObject> replace(ObjectRef ref, byte[] bytes, String etag) {
    return conditionally(ref, bytes, Map.of("If-Match", "\"" + etag + "\""));
  }

  /**
   * After a failure without a response, or from a failing store, it is unknown whether the object
   * was written. The put then counts as successful if the object holds exactly these bytes.
   */
  private Optional<StoredObject> conditionally(
      ObjectRef ref, byte[] bytes, Map<String, String> condition) {
    AtomicBoolean inDoubt = new AtomicBoolean();
    return repeatedly(
        "writing " + ref + " conditionally",
        () -> {
          try {
            return Optional.of(write(onceClient, ref, bytes, condition));
          } catch (MinioException | IllegalStateException e) {
            if (isStatus(e, StorageErrors.PRECONDITION_FAILED)
                || StorageErrors.code(e).equals("NoSuchKey")) {
              return inDoubt.get() ? ifHolding(ref, bytes) : Optional.empty();
            }
            inDoubt.set(true);
            throw e;
          }
        });
  }

  private Optional<StoredObject> ifHolding(ObjectRef ref, byte[] bytes) throws Exception {
    try {
      ObjectContent content = content(ref, bytes.length);
      return Arrays.equals(content.bytes(), bytes)
          ? Optional.of(new StoredObject(ref, bytes.length, content.etag()))
          : Optional.empty();
    } catch (StorageException e) {
      if (e.kind() == Kind.TOO_LARGE) {
        return Optional.empty();
      }
      throw e;
    } catch (MinioException e) {
      if (isStatus(e, StorageErrors.NOT_FOUND)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static StoredObject write(
      MinioClient client, ObjectRef ref, byte[] bytes, Map<String, String> headers)
      throws MinioException {
    ObjectWriteResponse written =
        client.putObject(
            PutObjectArgs.builder()
                .bucket(ref.bucket())
                .object(ref.key())
                .headers(headers)
                .userMetadata(Map.of(ReceivedBytes.SHA256_METADATA, Sha256.of(bytes)))
                .data(bytes, bytes.length)
                .build());
    return new StoredObject(ref, bytes.length, unquoted(written.etag()));
  }

  @Override
  public List<StoredObject> list(String bucket, String prefix) {
    return repeatedly(
        "listing s3://" + bucket + "/" + prefix,
        () -> {
          List<StoredObject> found = new ArrayList<>();
          for (Result<Item> result :
              client.listObjects(
                  ListObjectsArgs.builder()
                      .bucket(bucket)
                      .prefix(prefix)
                      .recursive(true)
                      .build())) {
            Item item = result.get();
            ObjectRef ref = new ObjectRef(bucket, item.objectName());
            found.add(new StoredObject(ref, item.size(), unquoted(item.etag())));
          }
          found.sort(Comparator.comparing(object -> object.ref().key()));
          return found;
        });
  }

  @Override
  public List<DatedObject> page(String bucket, String prefix, String after, int max) {
    return repeatedly(
        "listing s3://" + bucket + "/" + prefix,
        () -> {
          List<DatedObject> found = new ArrayList<>();
          ListObjectsArgs.Builder request =
              ListObjectsArgs.builder().bucket(bucket).prefix(prefix).recursive(true).maxKeys(max);
          if (!after.isEmpty()) {
            request.startAfter(after);
          }
          // The client fetches further pages by itself.
          for (Result<Item> result : client.listObjects(request.build())) {
            Item item = result.get();
            ObjectRef ref = new ObjectRef(bucket, item.objectName());
            StoredObject object = new StoredObject(ref, item.size(), unquoted(item.etag()));
            found.add(new DatedObject(object, item.lastModified().toInstant()));
            if (found.size() == max) {
              break;
            }
          }
          return found;
        });
  }

  @Override
  public List<UnfinishedUpload> unfinishedUploads(String bucket, String prefix) {
    return repeatedly(
        "listing unfinished uploads to s3://" + bucket + "/" + prefix,
        () -> {
          try {
            return uploads.list(bucket, prefix);
          } catch (ExecutionException e) {
            if (StorageErrors.code(e).equals("NotImplemented")) {
              return List.of();
            }
            throw e;
          }
        });
  }

  @Override
  public void abort(UnfinishedUpload upload) {
    repeatedly(
        "aborting the upload of " + upload.ref(),
        () -> {
          try {
            uploads.abort(upload);
          } catch (ExecutionException e) {
            if (!isStatus(e, StorageErrors.NOT_FOUND)) {
              throw e;
            }
          }
          return upload;
        });
  }

  @Override
  public void delete(ObjectRef ref) {
    repeatedly(
        "deleting " + ref,
        () -> {
          client.removeObject(
              RemoveObjectArgs.builder().bucket(ref.bucket()).object(ref.key()).build());
          return ref;
        });
  }

  @Override
  public void ensureBucket(String bucket) {
    repeatedly(
        "creating the bucket " + bucket,
        () -> {
          if (!client.bucketExists(BucketExistsArgs.builder().bucket(bucket).build())) {
            makeBucket(bucket);
          }
          return bucket;
        });
  }

  private void makeBucket(String bucket) throws MinioException {
    try {
      client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
    } catch (MinioException e) {
      if (!StorageErrors.code(e).equals("BucketAlreadyOwnedByYou")) {
        throw e;
      }
    }
  }

  private <T> T repeatedly(String doing, CheckedSupplier<T> call) {
    try {
      return Failsafe.with(whileUnavailable).get(() -> once(doing, call));
    } catch (FailsafeException e) {
      throw new StorageException(Kind.UNAVAILABLE, "Interrupted while " + doing, e);
    }
  }

  private <T> T once(String doing, CheckedSupplier<T> call) {
    try {
      return call.get();
    } catch (UncheckedIOException e) {
      throw e;
    } catch (Exception e) {
      StorageException failure = errors.translate(doing, e);
      boolean isExpired = StorageErrors.isExpired(e);
      if ((failure.kind() == Kind.DENIED || isExpired) && keys.renew(isExpired)) {
        throw new StorageException(Kind.UNAVAILABLE, failure.getMessage(), e);
      }
      throw failure;
    } catch (Throwable e) {
      throw (Error) e;
    }
  }

  private static boolean isStatus(Throwable error, int status) {
    OptionalInt actual = StorageErrors.status(error);
    return actual.isPresent() && actual.getAsInt() == status;
  }

  private static String unquoted(String tag) {
    return tag.replace("\"", "");
  }

  @Override
  public void close() {
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
