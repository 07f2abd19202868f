package io.refinery.bundle.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FramingTest {

  @Test
  void theMiddleHasTheProportionsOfTheResult() {
    assertThat(Framing.middle(640, 480, 55, 35)).isEqualTo(new Framing(0, 36, 640, 407, 55, 35));
    assertThat(Framing.middle(100, 10, 5, 5)).isEqualTo(new Framing(45, 0, 10, 10, 5, 5));
  }

  @Test
  void anImageOfTheWantedSizeStaysBitForBit() {
    Picture picture = new Picture(2, 2, 1, new byte[] {1, 2, 3, 4});

    assertThat(Framing.middle(2, 2, 2, 2).apply(picture)).isSameAs(picture);
  }

  @Test
  void aPointStaysOnTheSamePixels() {
    byte[] bytes = new byte[64 * 48];
    int brightX = 41;
    int brightY = 23;
    for (int y = brightY - 4; y < brightY + 4; y++) {
      for (int x = brightX - 4; x < brightX + 4; x++) {
        bytes[y * 64 + x] = -1;
      }
    }
    Framing framing = new Framing(16, 8, 40, 32, 20, 16);

    Picture framed = framing.apply(new Picture(64, 48, 1, bytes));

    double sum = 0;
    double sumX = 0;
    double sumY = 0;
    for (int i = 0; i < framed.bytes().length; i++) {
      int level = framed.bytes()[i] & 0xFF;
      sum += level;
      sumX += level * (i % 20 + 0.5);
      sumY += level * (Math.floorDiv(i, 20) + 0.5);
    }
    assertThat(sumX / sum).isCloseTo(framing.pointX(brightX), within(0.1));
    assertThat(sumY / sum).isCloseTo(framing.pointY(brightY), within(0.1));
  }

  @Test
  void colourIsKeptAndBecomesGrayByLuma() {
    byte[] bytes = new byte[3 * 16];
    for (int i = 0; i < 16; i++) {
      bytes[3 * i] = (byte) 200;
      bytes[3 * i + 1] = 100;
      bytes[3 * i + 2] = 50;
    }
    Picture scaled = new Framing(0, 0, 4, 4, 2, 2).apply(new Picture(4, 4, 3, bytes));

    assertThat(scaled.bytes()).startsWith((byte) 200, 100, 50).hasSize(12);
    assertThat(scaled.gray().bytes()).containsOnly((byte) 124);
  }
}
