package io.refinery.engine.torch;

import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * 8-bit levels to pixels and back as {@link io.refinery.image.PixelScale} has them, to the bit, on
 * whatever device they lie. The caller's scope frees what lies between.
 */
final class Levels {

  private static final double HALF_RANGE = 127.5;
  private static final int MOST = 255;

  private Levels() {}

  /** On the CPU, count x channels x height x width. */
  static Tensor of(LevelBatch batch) {
    ImageShape shape = batch.shape();
    long[] sizes = {batch.count(), shape.channels(), shape.height(), shape.width()};
    Tensor levels =
        torch.empty(sizes, new TensorOptions(ScalarType.Byte), new MemoryFormatOptional());
    new BytePointer(levels.data_ptr()).put(batch.levels());
    return levels;
  }

  /** A batch of the same count and shape as {@code like}, from dense levels on the CPU. */
  static LevelBatch batch(Tensor levels, LevelBatch like) {
    byte[] values = new byte[like.levels().length];
    new BytePointer(levels.data_ptr()).get(values);
    return new LevelBatch(like.count(), like.shape(), values);
  }

  static Tensor toPixels(Tensor levels) {
    // Divided by a plain number, a GPU would multiply by its inverse, which rounds otherwise.
    Tensor numbers = levels.to(ScalarType.Float);
    Tensor divisor = torch.full(new long[] {1}, new Scalar(HALF_RANGE), numbers.options());
    return numbers.div(divisor).sub(new Scalar(1.0));
  }

  static Tensor fromPixels(Tensor pixels) {
    Tensor scaled = pixels.add(new Scalar(1.0)).mul(new Scalar(HALF_RANGE));
    // In double precision adding a half is exact, as Math.round does it.
    return scaled
        .to(ScalarType.Double)
        .add(new Scalar(0.5))
        .floor()
        .clamp(new ScalarOptional(new Scalar(0)), new ScalarOptional(new Scalar(MOST)))
        .to(ScalarType.Byte);
  }
}
