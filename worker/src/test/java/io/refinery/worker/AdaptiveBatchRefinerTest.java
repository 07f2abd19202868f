package io.refinery.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.engine.DeviceMemoryException;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AdaptiveBatchRefinerTest {

  private static final ImageShape SHAPE = new ImageShape(1, 1, 2);

  private final List<Integer> tried = new ArrayList<>();
  private final AtomicInteger halved = new AtomicInteger();
  private boolean closed;

  @Test
  void aBatchThatDoesNotFitIsSplitAndReturnedWhole() {
    Refiner refiner = fitting(3);
    ImageBatch images = images(11);

    ImageBatch refined = refiner.refine(images);

    assertThat(refined.pixels()).isEqualTo(negated(images).pixels());
    assertThat(tried).containsExactly(11, 5, 2, 2, 2, 2, 2, 1);
    assertThat(halved).hasValue(2);
  }

  @Test
  void theSmallerSizeIsKeptForThatShapeOnly() {
    Refiner refiner = fitting(4);
    refiner.refine(images(8));
    tried.clear();

    refiner.refine(images(8));
    assertThat(tried).containsExactly(4, 4);
    assertThat(refiner.batch(SHAPE)).isEqualTo(4);
    assertThat(refiner.batch(new ImageShape(1, 1, 1))).isEqualTo(Refiner.USUAL_BATCH);
    assertThat(halved).hasValue(1);
  }

  @Test
  void levelsAreSplitAsWell() {
    LevelBatch levels = LevelBatch.of(images(9));
    LevelBatch refined = fitting(2).refine(levels);
    assertThat(refined.levels()).isEqualTo(LevelBatch.of(negated(levels.toImages())).levels());
    assertThat(halved).hasPositiveValue();
  }

  @Test
  void aSingleImageThatDoesNotFitIsReported() {
    assertThatThrownBy(() -> fitting(0).refine(images(2)))
        .isInstanceOf(DeviceMemoryException.class)
        .hasMessage("out of memory");
    assertThat(tried).containsExactly(2, 1);
  }

  @Test
  void aBatchThatFitsAndAnEmptyOneAreNotSplit() {
    Refiner refiner = fitting(5);
    assertThat(refiner.refine(images(5)).count()).isEqualTo(5);
    assertThat(refiner.refine(images(0)).count()).isZero();
    assertThat(tried).containsExactly(5, 0);
  }

  @Test
  void closingItClosesTheWrappedRefiner() {
    fitting(1).close();
    assertThat(closed).isTrue();
  }

  /** Negates at most {@code room} images at a time. */
  private AdaptiveBatchRefiner fitting(int room) {
    Refiner small =
        new Refiner() {
          @Override
          public ImageBatch refine(ImageBatch synthetic) {
            tried.add(synthetic.count());
            if (synthetic.count() > room) {
              throw new DeviceMemoryException("out of memory", null);
            }
            return negated(synthetic);
          }

          @Override
          public void close() {
            closed = true;
          }
        };
    return new AdaptiveBatchRefiner(small, halved::incrementAndGet);
  }

  private static ImageBatch negated(ImageBatch images) {
    float[] pixels = images.pixels().clone();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = -pixels[i];
    }
    return new ImageBatch(images.count(), images.shape(), pixels);
  }

  private static ImageBatch images(int count) {
    float[] pixels = new float[count * SHAPE.values()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i / 50f - 0.5f;
    }
    return new ImageBatch(count, SHAPE, pixels);
  }
}
