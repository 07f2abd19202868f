package io.refinery.trainer.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.refinery.image.ImageShape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFiguresTest {

  private static final ImageShape GRAY = new ImageShape(1, 35, 55);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 77, 254, 255})
  void aPlainImageHasExactlyNoContrast(int level) {
    byte[] levels = new byte[GRAY.values()];
    Arrays.fill(levels, (byte) level);
    ImageFigures figures = ImageFigures.of(levels, GRAY);
    assertThat(figures.mean()).isEqualTo(level);
    assertThat(figures.contrast()).isZero();
    levels[9] ^= 1;
    assertThat(ImageFigures.of(levels, GRAY).contrast()).isPositive();
  }

  @Test
  void aPlainColourHasNoContrastEither() {
    ImageShape colour = new ImageShape(3, 1, 2);
    ImageFigures figures = ImageFigures.of(new byte[] {10, 10, 20, 20, 30, 30}, colour);
    assertThat(figures.mean()).isEqualTo(20);
    assertThat(figures.contrast()).isZero();
  }

  @Test
  void contrastIsTheStandardDeviationOfTheLevels() {
    ImageFigures figures = ImageFigures.of(new byte[] {0, (byte) 200}, new ImageShape(1, 1, 2));
    assertThat(figures.mean()).isEqualTo(100);
    assertThat(figures.contrast()).isCloseTo(100, within(1e-9));
  }

  @Test
  void onlyEqualImagesHaveEqualHashes() {
    byte[] levels = new byte[GRAY.values()];
    ImageFigures one = ImageFigures.of(levels, GRAY);
    assertThat(ImageFigures.of(levels.clone(), GRAY)).isEqualTo(one);
    levels[1000] = 1;
    assertThat(ImageFigures.of(levels, GRAY).hash()).isNotEqualTo(one.hash());
  }
}
