package io.refinery.storage;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;

/**
 * The address of an object, written {@code s3://bucket/key}.
 *
 * @param key without a leading slash, 1 to 1,024 bytes in UTF-8
 */
public record ObjectRef(String bucket, String key) {

  private static final String SCHEME = "s3://";

  /** The limit of S3, whose services refuse longer keys only when they are asked for one. */
  private static final int MAX_KEY_BYTES = 1_024;

  public ObjectRef {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(bucket + "/" + key)) {
      throw new IllegalArgumentException(
          "'"
              + SCHEME
              + bucket
              + "/"
              + key
              + "' is not an object address: it has half of a surrogate pair, which is not text");
    }
    if (bucket.isEmpty() || bucket.contains("/") || key.isEmpty() || key.startsWith("/")) {
      throw new IllegalArgumentException(
          "'" + SCHEME + bucket + "/" + key + "' is not an object address; use s3://bucket/key");
    }
    requireShort(key);
  }

  private static void requireShort(String key) {
    int bytes = key.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "The key of an object has at most %,d bytes in UTF-8, not %,d: '%s'"
              .formatted(MAX_KEY_BYTES, bytes, key));
    }
  }

  /**
   * @throws IllegalArgumentException naming the expected form of an address
   */
  @JsonCreator
  public static ObjectRef parse(String text) {
    int slash = text.startsWith(SCHEME) ? text.indexOf('/', SCHEME.length()) : -1;
    if (slash < 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an object address; use s3://bucket/key");
    }
    return new ObjectRef(text.substring(SCHEME.length(), slash), text.substring(slash + 1));
  }

  /** Returns the object whose key is this one's, a slash and {@code name}. */
  public ObjectRef resolve(String name) {
    return new ObjectRef(bucket, key + "/" + name);
  }

  @JsonValue
  @Override
  public String toString() {
    return SCHEME + bucket + "/" + key;
  }
}
