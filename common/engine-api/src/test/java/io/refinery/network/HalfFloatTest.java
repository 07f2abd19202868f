package io.refinery.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfFloatTest {

  private static final int INFINITY = 0x7C00;

  /** Decodes a half by the definition of the format. */
  private static double value(int half) {
    int exponent = half >> 10 & 31;
    int mantissa = half & 1023;
    double magnitude =
        exponent == 0 ? mantissa * 0x1p-24 : (1 + mantissa / 1024.0) * Math.pow(2, exponent - 15.0);
    return (half & 0x8000) == 0 ? magnitude : -magnitude;
  }

  @Test
  void everyHalfRoundTrips() {
    for (int half = 0; half < INFINITY; half++) {
      assertThat(HalfFloat.of((float) value(half))).isEqualTo((short) half);
      int negative = half | 0x8000;
      assertThat(HalfFloat.of((float) value(negative))).isEqualTo((short) negative);
    }
  }

  @Test
  void valuesAreRoundedToTheNearestHalfAndTiesToEven() {
    for (int half = 0; half < INFINITY - 1; half++) {
      float middle = (float) ((value(half) + value(half + 1)) / 2);
      int even = half % 2 == 0 ? half : half + 1;
      assertThat(HalfFloat.of(middle)).isEqualTo((short) even);
      assertThat(HalfFloat.of(Math.nextDown(middle))).isEqualTo((short) half);
      assertThat(HalfFloat.of(Math.nextUp(middle))).isEqualTo((short) (half + 1));
    }
  }

  @Test
  void tooLargeValuesBecomeInfinityAndNaNRemainsNaN() {
    assertThat(HalfFloat.of(Math.nextDown(65520f))).isEqualTo((short) 0x7BFF);
    assertThat(HalfFloat.of(65520f)).isEqualTo((short) INFINITY);
    assertThat(HalfFloat.of(Float.NEGATIVE_INFINITY)).isEqualTo((short) 0xFC00);
    assertThat(HalfFloat.of(Float.NaN)).isEqualTo((short) 0x7E00);
    assertThat(HalfFloat.of(-0f)).isEqualTo((short) 0x8000);
  }
}
