package io.refinery.engine.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * 8-bit levels to pixels and back as {@link io.refinery.image.PixelScale} has them, to the bit, on
 * whatever device they lie. The caller's scope frees what lies between.
 */
final class LevelScale {

  private static final double HALF_RANGE = 127.5;
  private static final int MOST = 255;

  private LevelScale() {}

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
