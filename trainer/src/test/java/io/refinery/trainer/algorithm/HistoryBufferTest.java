package io.refinery.trainer.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Cases that {@link HistoryBufferPropertiesTest} does not cover. */
class HistoryBufferTest {

  private static final ImageShape PIXEL = new ImageShape(1, 1, 1);
  private static final int CAPACITY = 20;
  private static final int HALF = 4;

  private int made;

  @Test
  void sharesNeitherItsInputNorItsOutput() {
    Remembered buffer = new Remembered(HALF, PIXEL, 6);
    ImageBatch in = newImages(HALF);
    buffer.replace(in);
    Set<Float> before = contents(buffer);
    Arrays.fill(in.pixels(), -7);
    Arrays.fill(buffer.sample(HALF).pixels(), -7);
    assertThat(contents(buffer)).isEqualTo(before);
  }

  @Test
  void imagesOfManyPixelsStayIntact() {
    ImageShape shape = new ImageShape(3, 2, 2);
    Remembered buffer = new Remembered(6, shape, 7);
    for (int image = 0; image < 12; image += 2) {
      float[] pixels = new float[2 * shape.values()];
      Arrays.fill(pixels, 0, shape.values(), image);
      Arrays.fill(pixels, shape.values(), pixels.length, image + 1);
      buffer.replace(new ImageBatch(2, shape, pixels));
    }
    ImageBatch drawn = buffer.sample(6);
    for (int image = 0; image < 6; image++) {
      assertThat(Arrays.copyOfRange(drawn.pixels(), image * 12, image * 12 + 12))
          .containsOnly(drawn.pixels()[image * 12]);
    }
  }

  @Test
  void theSameSeedMakesTheSameDraws() {
    float[] one = full(8).sample(HALF).pixels();
    made = 0;
    float[] again = full(8).sample(HALF).pixels();
    made = 0;
    float[] other = full(9).sample(HALF).pixels();
    assertThat(again).isEqualTo(one).isNotEqualTo(other);
  }

  @Test
  void aRestoredBufferContinuesWithTheSameImagesAndDraws() throws Exception {
    Remembered one = full(10);
    one.sample(HALF);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    one.save(new DataOutputStream(bytes));
    Remembered other = new Remembered(CAPACITY, PIXEL, 10);
    other.replace(newImages(HALF));
    other.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    for (int step = 0; step < 10; step++) {
      assertThat(other.sample(HALF).pixels()).isEqualTo(one.sample(HALF).pixels());
      ImageBatch images = newImages(HALF);
      one.replace(images);
      other.replace(images);
    }
  }

  @Test
  void theStateOfALargerBufferIsRejected() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    full(11).save(new DataOutputStream(bytes));
    Remembered small = new Remembered(HALF, PIXEL, 11);
    assertThatThrownBy(
            () -> small.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("20 images do not fit a history buffer of 4");
  }

  @Test
  void withCapacityZeroItStaysEmpty() {
    Remembered buffer = new Remembered(0, PIXEL, 1);
    buffer.replace(newImages(HALF));
    assertThat(buffer.size()).isZero();
    assertThat(buffer.holds(HALF)).isFalse();
  }

  private Remembered full(long seed) {
    Remembered buffer = new Remembered(CAPACITY, PIXEL, seed);
    for (int i = 0; i < CAPACITY / HALF; i++) {
      buffer.replace(newImages(HALF));
    }
    return buffer;
  }

  /** One-pixel images: the number of images made before each. */
  private ImageBatch newImages(int count) {
    float[] pixels = new float[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = made++;
    }
    return new ImageBatch(count, PIXEL, pixels);
  }

  private static Set<Float> contents(Remembered buffer) {
    Set<Float> contents = new HashSet<>();
    for (float value : buffer.sample(buffer.size()).pixels()) {
      contents.add(value);
    }
    return contents;
  }
}
