package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.torch.HostImages.Levels8;
import io.refinery.engine.torch.HostImages.Pixels;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import io.refinery.image.PixelScale;
import io.refinery.testkit.engine.Models;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs on the CPU; the arithmetic is the same on a GPU. */
class HostImagesTest {

  private static final int LEVELS = 256;
  private static final ImageShape ROW = new ImageShape(1, 1, LEVELS);

  private PointerScope scope;

  @BeforeEach
  void open() {
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void everyLevelBecomesTheSamePixelAsOnTheHeap() {
    byte[] levels = new byte[LEVELS];
    float[] expected = new float[LEVELS];
    for (int i = 0; i < LEVELS; i++) {
      levels[i] = (byte) i;
      expected[i] = PixelScale.fromByte(levels[i]);
    }
    Levels8 host = Levels8.of(new LevelBatch(1, ROW, levels));
    Tensor tensor = tensorFor(host);
    host.load(0, LEVELS, tensor);
    assertThat(Tensors.floats(host.toPixels(tensor))).isEqualTo(expected);
  }

  @Test
  void everyPixelBecomesTheSameLevelAsOnTheHeap() {
    float[] pixels = new float[LEVELS];
    for (int i = 0; i < LEVELS; i++) {
      float between = (i - 1) / 127.5f - 1f + 0.5f / 127.5f;
      pixels[i] = i % 3 == 0 ? between : i % 3 == 1 ? Math.nextDown(between) : Math.nextUp(between);
    }
    pixels[0] = -1.5f;
    pixels[LEVELS - 1] = 7;
    byte[] expected = new byte[LEVELS];
    for (int i = 0; i < LEVELS; i++) {
      expected[i] = PixelScale.toByte(pixels[i]);
    }
    Levels8 host = Levels8.of(new LevelBatch(1, ROW, new byte[LEVELS]));
    host.store(0, LEVELS, host.fromPixels(Tensors.of(pixels, LEVELS)));
    assertThat(host.refined()).isEqualTo(expected);
  }

  @Test
  void aMicroBatchIsCopiedToTheStartOfTheTensorAndBackToItsPlace() {
    ImageBatch images = Models.images(3, ROW, 1);
    Pixels host = Pixels.of(images);
    Tensor tensor = tensorFor(host);
    host.load(LEVELS, LEVELS, tensor);
    assertThat(Tensors.floats(tensor)).isEqualTo(images.slice(1, 2).pixels());
    host.store(2 * LEVELS, LEVELS, tensor);
    assertThat(Arrays.copyOf(host.refined(), 2 * LEVELS)).containsOnly(0);
    assertThat(Arrays.copyOfRange(host.refined(), 2 * LEVELS, 3 * LEVELS))
        .isEqualTo(images.slice(1, 2).pixels());
  }

  private static Tensor tensorFor(HostImages host) {
    return torch.zeros(new long[] {LEVELS}, new TensorOptions(host.type()));
  }
}
