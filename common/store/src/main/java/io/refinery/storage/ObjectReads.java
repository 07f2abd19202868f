package io.refinery.storage;

import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.MinioClient;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.errors.MinioException;
import io.refinery.storage.StorageException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads objects, and compares what arrives with the checksums that the store knows. */
final class ObjectReads {

  private static final int BUFFER_BYTES = 1 << 16;

  private final MinioClient client;
  private final StoreCalls calls;

  /**
   * @param client not closed by this class
   */
  ObjectReads(MinioClient client, StoreCalls calls) {
    this.client = client;
    this.calls = calls;
  }

  Optional<StoredObject> find(ObjectRef ref) {
    return calls.repeatedly(
        "looking for " + ref,
        () -> {
          try {
            StatObjectResponse found =
                client.statObject(
                    StatObjectArgs.builder().bucket(ref.bucket()).object(ref.key()).build());
            return Optional.of(new StoredObject(ref, found.size(), found.etag()));
          } catch (MinioException e) {
            if (StorageErrors.isStatus(e, StorageErrors.NOT_FOUND)) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  ObjectContent read(ObjectRef ref, long maxBytes) {
    return calls.repeatedly("reading " + ref, () -> content(ref, maxBytes));
  }

  /** Reads an object once, without retries. */
  ObjectContent content(ObjectRef ref, long maxBytes) throws Exception {
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

  DownloadedObject download(ObjectRef ref, Path file, long maxBytes) {
    return calls.repeatedly(
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
    return tag == null ? "" : EntityTag.unquoted(tag);
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
}
