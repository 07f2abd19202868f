package io.refinery.image;

/**
 * Conversions between the ranges of stored pixels and that of the networks, [-1, 1] (Shrivastava et
 * al., arXiv 1612.07828, section 3).
 */
public final class PixelScale {

  private PixelScale() {}

  /** Converts 0..255, given as an unsigned byte, to [-1, 1]: {@code x / 127.5 - 1}. */
  public static float fromByte(byte value) {
    return (value & 0xFF) / 127.5f - 1f;
  }

  /** Converts [-1, 1] to 0..255, rounded to the nearest level; values outside are clamped. */
  public static byte toByte(float value) {
    int level = Math.round((value + 1f) * 127.5f);
    return (byte) Math.max(0, Math.min(255, level));
  }

  /** Converts [0, 1] to [-1, 1]. */
  public static float fromUnit(float value) {
    return value * 2f - 1f;
  }

  /** Converts [-1, 1] to [0, 1]; values outside are clamped. */
  public static float toUnit(float value) {
    return Math.max(0f, Math.min(1f, (value + 1f) / 2f));
  }
}
