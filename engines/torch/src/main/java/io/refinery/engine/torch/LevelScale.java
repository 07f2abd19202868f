package io.refinery.engine.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Converts 8-bit levels to pixels and back on any device, bit for bit like {@link
 * io.refinery.image.PixelScale}. The caller's scope frees the intermediate tensors.
 */
final class LevelScale {

  private static final double HALF_RANGE = 127.5;
  private static final int MAX_LEVEL = 255;

  private LevelScale() {}

  static Tensor toPixels(Tensor levels) {
    // Divide by a tensor: given a plain number, a GPU multiplies by its inverse, which rounds
    // differently.
    Tensor numbers = levels.to(ScalarType.Float);
    Tensor divisor = torch.full(new long[] {1}, new Scalar(HALF_RANGE), numbers.options());
    return numbers.div(divisor).sub(new Scalar(1.0));
  }

  static Tensor fromPixels(Tensor pixels) {
    Tensor scaled = pixels.add(new Scalar(1.0)).mul(new Scalar(HALF_RANGE));
    // In double precision, adding a half is exact, like Math.round.
    return scaled
        .to(ScalarType.Double)
        .add(new Scalar(0.5))
        .floor()
        .clamp(new ScalarOptional(new Scalar(0)), new ScalarOptional(new Scalar(MAX_LEVEL)))
        .to(ScalarType.Byte);
  }
}
