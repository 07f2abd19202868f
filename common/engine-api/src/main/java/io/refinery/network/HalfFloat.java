package io.refinery.network;

/** IEEE 754 half precision: 16 bits, including a 10-bit mantissa. */
final class HalfFloat {

  private static final int SIGN = 0x8000;
  private static final short INFINITY = 0x7C00;
  private static final short NAN = 0x7E00;

  private static final int MANTISSA_BITS = 10;

  /** From this value on, the nearest half is infinity. */
  private static final float OVERFLOW = 65520;

  private static final float SMALLEST_NORMAL = 0x1p-14f;
  private static final int SMALLEST_SUBNORMAL_EXPONENT = -24;

  private HalfFloat() {}

  /** Returns the bits of the nearest half; ties go to the even one. */
  static short of(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 16 & SIGN;
    return (short) (sign | magnitude(Math.abs(value)));
  }

  private static int magnitude(float value) {
    if (Float.isNaN(value)) {
      return NAN;
    }
    if (value >= OVERFLOW) {
      return INFINITY;
    }
    if (value < SMALLEST_NORMAL) {
      return (int) Math.rint(Math.scalb(value, -SMALLEST_SUBNORMAL_EXPONENT));
    }
    int exponent = Math.getExponent(value);
    int mantissa = (int) Math.rint(Math.scalb(value, MANTISSA_BITS - exponent));
    // The mantissa's leading 1 adds to the exponent, and so does a mantissa that was rounded up.
    return ((exponent + 14) << MANTISSA_BITS) + mantissa;
  }
}
