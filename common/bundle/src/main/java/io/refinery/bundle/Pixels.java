package io.refinery.bundle;

import io.refinery.image.ImageShape;
import io.refinery.image.PixelScale;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Converts between stored pixels (H x W x C; bytes, or floats in [0, 1]) and the values of a batch
 * (C x H x W, in [-1, 1]).
 */
final class Pixels {

  private static final float[] LEVELS = new float[256];

  static {
    for (int level = 0; level < LEVELS.length; level++) {
      LEVELS[level] = PixelScale.fromByte((byte) level);
    }
  }

  private final ImageShape shape;
  private final int area;
  private final Optional<ByteOrder> floats;

  /**
   * Creates a converter.
   *
   * @param floats the byte order of stored floats; empty for bytes
   */
  Pixels(ImageShape shape, Optional<ByteOrder> floats) {
    this.shape = shape;
    this.area = shape.height() * shape.width();
    this.floats = floats;
  }

  /** Returns a converter for one byte per channel. */
  static Pixels bytes(ImageShape shape) {
    return new Pixels(shape, Optional.empty());
  }

  /** Returns the size of one stored image, in bytes. */
  int bytes() {
    return Math.multiplyExact(shape.values(), floats.isPresent() ? Float.BYTES : 1);
  }

  /**
   * Decodes one image.
   *
   * @param index its number, for the message
   * @throws BundleException when a float is not in [0, 1]
   */
  void decode(byte[] stored, int from, float[] values, int to, long index) throws BundleException {
    int channels = shape.channels();
    if (floats.isPresent()) {
      ByteBuffer buffer = ByteBuffer.wrap(stored).order(floats.get());
      for (int i = 0; i < shape.values(); i++) {
        float unit = buffer.getFloat(from + i * Float.BYTES);
        if (!(unit >= 0f && unit <= 1f)) {
          throw new BundleException(
              BundleFault.BAD_PIXELS,
              "Image "
                  + index
                  + " (counted from 0) has a pixel value of "
                  + unit
                  + "; float32 pixels must be in [0, 1]");
        }
        values[to + i % channels * area + i / channels] = PixelScale.fromUnit(unit);
      }
    } else if (channels == 1) {
      for (int i = 0; i < area; i++) {
        values[to + i] = LEVELS[stored[from + i] & 0xFF];
      }
    } else {
      for (int i = 0; i < area; i++) {
        for (int c = 0; c < channels; c++) {
          values[to + c * area + i] = LEVELS[stored[from + i * channels + c] & 0xFF];
        }
      }
    }
  }

  /** Decodes one image of stored bytes. */
  void decode(byte[] stored, int from, byte[] levels, int to) {
    requireBytes();
    int channels = shape.channels();
    if (channels == 1) {
      System.arraycopy(stored, from, levels, to, area);
      return;
    }
    for (int i = 0; i < shape.values(); i++) {
      levels[to + i % channels * area + i / channels] = stored[from + i];
    }
  }

  /** Encodes one image as bytes. */
  void encode(byte[] levels, int from, byte[] stored, int to) {
    requireBytes();
    int channels = shape.channels();
    if (channels == 1) {
      System.arraycopy(levels, from, stored, to, area);
      return;
    }
    for (int i = 0; i < shape.values(); i++) {
      stored[to + i] = levels[from + i % channels * area + i / channels];
    }
  }

  private void requireBytes() {
    if (floats.isPresent()) {
      throw new IllegalStateException("The pixels are stored as floats, not levels");
    }
  }

  /** Encodes one image; values outside [-1, 1] are clamped. */
  void encode(float[] values, int from, byte[] stored, int to) {
    int channels = shape.channels();
    if (floats.isPresent()) {
      ByteBuffer buffer = ByteBuffer.wrap(stored).order(floats.get());
      for (int i = 0; i < shape.values(); i++) {
        float value = values[from + i % channels * area + i / channels];
        buffer.putFloat(to + i * Float.BYTES, PixelScale.toUnit(value));
      }
    } else {
      for (int i = 0; i < shape.values(); i++) {
        stored[to + i] = PixelScale.toByte(values[from + i % channels * area + i / channels]);
      }
    }
  }
}
