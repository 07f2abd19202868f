package io.refinery.bundle;

/** A chunk of a PNG file. */
final class PngChunk {

  private final String type;
  private final byte[] data;
  private final int channels;

  /**
   * @param type four letters
   * @param channels number of colour channels of an image that may hold it; 0 for any
   */
  PngChunk(String type, byte[] data, int channels) {
    this.type = type;
    this.data = data;
    this.channels = channels;
  }

  String type() {
    return type;
  }

  byte[] data() {
    return data;
  }

  boolean fits(int imageChannels) {
    return channels == 0 || channels == imageChannels;
  }
}
