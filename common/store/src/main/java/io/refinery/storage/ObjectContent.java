package io.refinery.storage;

import java.nio.charset.StandardCharsets;

/** A small object's bytes and its tag when they were read. */
public final class ObjectContent {

  private final byte[] bytes;
  private final String etag;

  public ObjectContent(byte[] bytes, String etag) {
    this.bytes = bytes;
    this.etag = etag;
  }

  /** Returns the bytes themselves, not a copy. */
  public byte[] bytes() {
    return bytes;
  }

  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  public String etag() {
    return etag;
  }
}
