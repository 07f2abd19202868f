package io.refinery.bundle.pack;

import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/** One decoded image with 8 bits per channel, upright. */
final class Picture {

  private final int width;
  private final int height;
  private final int channels;
  private final byte[] bytes;

  /**
   * @param channels 1 or 3
   * @param bytes height x width x channels; not copied
   */
  Picture(int width, int height, int channels, byte[] bytes) {
    if (bytes.length != Math.multiplyExact(Math.multiplyExact(width, height), channels)) {
      throw new IllegalArgumentException(
          bytes.length + " bytes do not make " + width + "x" + height + "x" + channels);
    }
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.bytes = bytes;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  int channels() {
    return channels;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Returns it in gray: the luma of ITU-R BT.601, as most image libraries compute it. */
  Picture gray() {
    if (channels == 1) {
      return this;
    }
    byte[] gray = new byte[width * height];
    for (int i = 0; i < gray.length; i++) {
      int red = bytes[3 * i] & 0xFF;
      int green = bytes[3 * i + 1] & 0xFF;
      int blue = bytes[3 * i + 2] & 0xFF;
      gray[i] = (byte) ((299 * red + 587 * green + 114 * blue + 500) / 1000);
    }
    return new Picture(width, height, 1, gray);
  }

  BufferedImage toImage() {
    BufferedImage image =
        new BufferedImage(
            width,
            height,
            channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    WritableRaster raster = image.getRaster();
    int[] samples = new int[bytes.length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = bytes[i] & 0xFF;
    }
    raster.setPixels(0, 0, width, height, samples);
    return image;
  }

  static Picture of(BufferedImage image) {
    Raster raster = image.getRaster();
    int[] samples = raster.getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
    byte[] bytes = new byte[samples.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) samples[i];
    }
    return new Picture(image.getWidth(), image.getHeight(), raster.getNumBands(), bytes);
  }

  /** Returns the only image of a batch. */
  static Picture of(LevelBatch batch) {
    ImageShape shape = batch.shape();
    int area = shape.width() * shape.height();
    byte[] bytes = new byte[shape.values()];
    for (int i = 0; i < bytes.length; i++) {
      int channel = i % shape.channels();
      bytes[i] = batch.levels()[channel * area + i / shape.channels()];
    }
    return new Picture(shape.width(), shape.height(), shape.channels(), bytes);
  }

  /** Returns its values as C x H x W, as batches hold them. */
  void copyPlanar(byte[] into, int at) {
    int area = width * height;
    for (int i = 0; i < bytes.length; i++) {
      into[at + i % channels * area + i / channels] = bytes[i];
    }
  }
}
