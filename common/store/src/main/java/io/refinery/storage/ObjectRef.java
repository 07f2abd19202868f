package io.refinery.storage;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The address of an object, written {@code s3://bucket/key}.
 *
 * @param key without a leading slash, at least one character
 */
public record ObjectRef(String bucket, String key) {

  private static final String SCHEME = "s3://";

  public ObjectRef {
    if (bucket.isEmpty() || bucket.contains("/") || key.isEmpty() || key.startsWith("/")) {
      throw new IllegalArgumentException(
          "'" + SCHEME + bucket + "/" + key + "' is not an object address; use s3://bucket/key");
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
