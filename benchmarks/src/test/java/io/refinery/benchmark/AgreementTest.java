package io.refinery.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgreementTest {

  private static final Refiner REFERENCE = new Adding(0);

  /** Halves all pixels, and adds a value to the last one. */
  private record Adding(float added) implements Refiner {
    @Override
    public ImageBatch refine(ImageBatch synthetic) {
      float[] pixels = synthetic.pixels().clone();
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = pixels[i] / 2 + (i == pixels.length - 1 ? added : 0);
      }
      return new ImageBatch(synthetic.count(), synthetic.shape(), pixels);
    }

    @Override
    public void close() {}
  }

  @Test
  void theLargestDifferenceOfAPixelIsReturned() {
    assertThat(Agreement.largestDifference(new Adding(0.0625f), REFERENCE, Precision.HALF))
        .isEqualTo(0.0625);
    assertThat(Agreement.largestDifference(REFERENCE, REFERENCE, Precision.FULL)).isZero();
  }

  @ParameterizedTest
  @ValueSource(floats = {0.003f, Float.NaN})
  void aPixelDifferenceThatFullPrecisionDoesNotExplainIsAnError(float added) {
    assertThatThrownBy(
            () -> Agreement.largestDifference(new Adding(added), REFERENCE, Precision.FULL))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void anImageThatIsNotRefinedIsAnErrorInAnyPrecision() {
    assertThatThrownBy(
            () -> Agreement.largestDifference(new Adding(0.5f), REFERENCE, Precision.HALF))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("pixels differ by 0.50");
  }
}
