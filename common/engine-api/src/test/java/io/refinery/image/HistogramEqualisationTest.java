package io.refinery.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramEqualisationTest {

  private static final float HALF_A_LEVEL = 0.5f / 127.5f;

  /** The worked example from Wikipedia, "Histogram equalization", of 8x8 pixels, and its result. */
  private static final int[] BEFORE = {
    52, 55, 61, 59, 79, 61, 76, 61, //
    62, 59, 55, 104, 94, 85, 59, 71, //
    63, 65, 66, 113, 144, 104, 63, 72, //
    64, 70, 70, 126, 154, 109, 71, 69, //
    67, 73, 68, 106, 122, 88, 68, 68, //
    68, 79, 60, 70, 77, 66, 58, 75, //
    69, 85, 64, 58, 55, 61, 65, 83, //
    70, 87, 69, 68, 65, 73, 78, 90
  };

  private static final int[] AFTER = {
    0, 12, 53, 32, 190, 53, 174, 53, //
    57, 32, 12, 227, 219, 202, 32, 154, //
    65, 85, 93, 239, 251, 227, 65, 158, //
    73, 146, 146, 247, 255, 235, 154, 130, //
    97, 166, 117, 231, 243, 210, 117, 117, //
    117, 190, 36, 146, 178, 93, 20, 170, //
    130, 202, 73, 20, 12, 53, 85, 194, //
    146, 206, 130, 117, 85, 166, 182, 215
  };

  private static ImageBatch gray(int side, int... levels) {
    float[] pixels = new float[levels.length];
    for (int i = 0; i < levels.length; i++) {
      pixels[i] = PixelScale.fromByte((byte) levels[i]);
    }
    return new ImageBatch(levels.length / (side * side), new ImageShape(1, side, side), pixels);
  }

  private static int[] levels(ImageBatch images) {
    int[] levels = new int[images.pixels().length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = PixelScale.toByte(images.pixels()[i]) & 0xFF;
    }
    return levels;
  }

  @Test
  void grayLevelsGiveTheSameAsTheirFloats() {
    byte[] random = new byte[7 * 64];
    new Random(1).nextBytes(random);
    Arrays.fill(random, 0, 64, (byte) 200);
    LevelBatch levels = new LevelBatch(7, new ImageShape(1, 8, 8), random);
    assertThat(HistogramEqualisation.ofGray(levels).levels())
        .isEqualTo(LevelBatch.of(HistogramEqualisation.of(levels.toImages())).levels());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                HistogramEqualisation.ofGray(
                    new LevelBatch(1, new ImageShape(3, 1, 1), new byte[3])));
  }

  @Test
  void aPublishedExampleGivesThePublishedResult() {
    assertThat(levels(HistogramEqualisation.of(gray(8, BEFORE)))).isEqualTo(AFTER);
  }

  @Test
  void everyImageIsEqualisedSeparately() {
    ImageBatch dark = gray(2, 10, 20, 30, 40);
    ImageBatch bright = gray(2, 210, 210, 240, 250);

    ImageBatch both = HistogramEqualisation.of(ImageBatch.concat(List.of(dark, bright)));

    assertThat(levels(both)).containsExactly(0, 85, 170, 255, 0, 0, 128, 255);
  }

  @Test
  void anImageOfOneLevelIsUnchanged() {
    ImageBatch flat = new ImageBatch(1, new ImageShape(1, 2, 2), new float[] {.1f, .1f, .1f, .1f});

    assertThat(HistogramEqualisation.of(flat).pixels()).containsOnly(.1f);
  }

  @Test
  void theInputImagesAreNotModified() {
    ImageBatch images = gray(8, BEFORE);

    HistogramEqualisation.of(images);

    assertThat(levels(images)).isEqualTo(BEFORE);
    assertThat(Preprocessing.NONE.apply(images)).isSameAs(images);
    assertThat(levels(Preprocessing.HISTOGRAM_EQUALISATION.apply(images))).isEqualTo(AFTER);
  }

  @Test
  void equalisingTwiceChangesNothingMore() {
    ImageBatch once = HistogramEqualisation.of(gray(8, BEFORE));

    assertThat(HistogramEqualisation.of(once).pixels()).isEqualTo(once.pixels());
  }

  @Test
  void colourKeepsItsTintAndItsLumaIsSpread() {
    ImageShape shape = new ImageShape(3, 2, 2);
    float[] pixels = {
      0.00f, 0.05f, 0.10f, 0.15f, //
      -0.10f, -0.05f, 0.00f, 0.05f, //
      -0.05f, 0.00f, 0.05f, 0.10f
    };

    float[] after = HistogramEqualisation.of(new ImageBatch(1, shape, pixels)).pixels();

    // The second and third pixel stay within the range: their channels are as far apart as before.
    for (int pixel = 1; pixel <= 2; pixel++) {
      assertThat(after[pixel] - after[pixel + 4]).isCloseTo(0.1f, within(1e-6f));
      assertThat(after[pixel] - after[pixel + 8]).isCloseTo(0.05f, within(1e-6f));
      float luma = 0.299f * after[pixel] + 0.587f * after[pixel + 4] + 0.114f * after[pixel + 8];
      assertThat(luma).isCloseTo(PixelScale.fromByte((byte) (85 * pixel)), within(HALF_A_LEVEL));
    }
    for (float value : after) {
      assertThat(value).isBetween(-1f, 1f);
    }
    assertThat(after[3]).isEqualTo(1f);
  }

  @Test
  void anEmptyBatchGivesAnEmptyBatch() {
    ImageBatch none = new ImageBatch(0, new ImageShape(1, 2, 2), new float[0]);

    assertThat(HistogramEqualisation.of(none).count()).isZero();
  }
}
