package io.refinery.storage;

import io.minio.BucketExistsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioAsyncClient;
import io.minio.MinioClient;
import io.minio.ObjectWriteResponse;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.UploadObjectArgs;
import io.minio.errors.MinioException;
import io.refinery.storage.StorageException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;

/**
 * Any S3 service, accessed through the MinIO client. Calls that fail because the store is
 * unavailable, or because bytes arrive damaged, are retried 5 times within about 6 seconds.
 */
public final class MinioStorage implements ObjectStorage {

  private static final long PART_BYTES = 16L << 20;
  private static final Duration FIRST_DELAY = Duration.ofMillis(200);

  private final OkHttpClient http;
  private final MinioClient client;
  private final MinioClient onceClient;
  private final PartUploads uploads;
  private final StoreCalls calls;
  private final ObjectReads reads;
  private final ObjectListings listings;

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
    http = HttpClients.of(config);
    StorageKeys keys = new StorageKeys(config);
    client = client(config, http, keys);
    // A repeated conditional put would find the object of the first and take it for another
    // writer's.
    // Without idle connections: MinIO silently closes that of a refused write, and the next write
    // on it would fail.
    OkHttpClient once =
        http.newBuilder()
            .retryOnConnectionFailure(false)
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
            .build();
    onceClient = client(config, once, keys);
    uploads = new PartUploads(asyncClient(config, http, keys));
    calls = new StoreCalls(new StorageErrors(config.endpoint()), keys, firstDelay);
    reads = new ObjectReads(client, calls);
    listings = new ObjectListings(client, uploads, calls);
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
    return reads.find(ref);
  }

  @Override
  public ObjectContent read(ObjectRef ref, long maxBytes) {
    return reads.read(ref, maxBytes);
  }

  @Override
  public DownloadedObject download(ObjectRef ref, Path file, long maxBytes) {
    return reads.download(ref, file, maxBytes);
  }

  @Override
  public List<StoredObject> list(String bucket, String prefix) {
    return listings.all(bucket, prefix);
  }

  @Override
  public List<DatedObject> page(String bucket, String prefix, String after, int max) {
    return listings.page(bucket, prefix, after, max);
  }

  @Override
  public List<UnfinishedUpload> unfinishedUploads(String bucket, String prefix) {
    return listings.unfinishedUploads(bucket, prefix);
  }

  @Override
  public StoredObject upload(ObjectRef ref, Path file) {
    return calls.repeatedly(
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
          return new StoredObject(ref, Files.size(file), EntityTag.unquoted(written.etag()));
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
    return calls.repeatedly("writing " + ref, () -> write(client, ref, bytes, Map.of()));
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
    return calls.repeatedly(
        "writing " + ref + " conditionally",
        () -> {
          try {
            return Optional.of(write(onceClient, ref, bytes, condition));
          } catch (MinioException | IllegalStateException e) {
            if (StorageErrors.isStatus(e, StorageErrors.PRECONDITION_FAILED)
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
      ObjectContent content = reads.content(ref, bytes.length);
      return Arrays.equals(content.bytes(), bytes)
          ? Optional.of(new StoredObject(ref, bytes.length, content.etag()))
          : Optional.empty();
    } catch (StorageException e) {
      if (e.kind() == Kind.TOO_LARGE) {
        return Optional.empty();
      }
      throw e;
    } catch (MinioException e) {
      if (StorageErrors.isStatus(e, StorageErrors.NOT_FOUND)) {
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
    return new StoredObject(ref, bytes.length, EntityTag.unquoted(written.etag()));
  }

  @Override
  public void abort(UnfinishedUpload upload) {
    calls.repeatedly(
        "aborting the upload of " + upload.ref(),
        () -> {
          try {
            uploads.abort(upload);
          } catch (ExecutionException e) {
            if (!StorageErrors.isStatus(e, StorageErrors.NOT_FOUND)) {
              throw e;
            }
          }
          return upload;
        });
  }

  @Override
  public void delete(ObjectRef ref) {
    calls.repeatedly(
        "deleting " + ref,
        () -> {
          client.removeObject(
              RemoveObjectArgs.builder().bucket(ref.bucket()).object(ref.key()).build());
          return ref;
        });
  }

  @Override
  public void ensureBucket(String bucket) {
    calls.repeatedly(
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

  @Override
  public void close() {
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
