package io.refinery.embedded;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Makes If-Match atomic among writers that use it. S3Proxy's folder store checks the tag and then
 * writes, so two writers that read the same tag both succeed.
 */
final class AtomicReplaceStore extends ForwardingBlobStore {

  private static final int STRIPES = 64;

  /** Objects replaced this way are small: pointers and counters. */
  private static final int MAX_BYTES = 1 << 20;

  private final Object[] locks = Stream.generate(Object::new).limit(STRIPES).toArray();

  AtomicReplaceStore(BlobStore store) {
    super(store);
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
    if (request.ifMatch() == null) {
      return super.putBlob(request, body);
    }
    // Before the lock, so that a slow client does not block others.
    byte[] bytes = readAll(body);
    synchronized (locks[Math.floorMod(Objects.hash(request.bucket(), request.key()), STRIPES)]) {
      HeadObjectResponse present = blobMetadataIfPresent(request.bucket(), request.key());
      if (present == null) {
        throw new S3ProxyException(S3ErrorCode.NO_SUCH_KEY);
      }
      if (!matches(request.ifMatch(), present.eTag())) {
        throw new S3ProxyException(S3ErrorCode.PRECONDITION_FAILED);
      }
      return super.putBlob(request, new ByteArrayInputStream(bytes));
    }
  }

  private static byte[] readAll(InputStream body) {
    try {
      byte[] bytes = body.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new S3ProxyException(S3ErrorCode.ENTITY_TOO_LARGE);
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean matches(String wanted, String tag) {
    return wanted.equals("*") || unquoted(wanted).equals(unquoted(tag));
  }

  private static String unquoted(String tag) {
    return tag.replace("\"", "");
  }
}
