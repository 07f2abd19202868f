package io.refinery.engine.torch;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Copies between arrays of the heap and tensors of the CPU, row-major, 32-bit floats. */
final class Tensors {

  private Tensors() {}

  /** count x channels x height x width. */
  static Tensor of(ImageBatch images) {
    ImageShape shape = images.shape();
    return of(images.pixels(), images.count(), shape.channels(), shape.height(), shape.width());
  }

  static Tensor of(io.refinery.network.Tensor tensor) {
    List<Integer> shape = tensor.shape();
    return of(tensor.values(), shape.stream().mapToLong(Integer::longValue).toArray());
  }

  static Tensor of(float[] values, long... shape) {
    try (FloatPointer pointer = new FloatPointer(values);
        Tensor view = torch.from_blob(pointer, shape)) {
      return view.clone();
    }
  }

  static float[] floats(Tensor tensor) {
    try (Tensor dense = tensor.contiguous();
        FloatPointer pointer = dense.data_ptr_float()) {
      float[] values = new float[Math.toIntExact(dense.numel())];
      pointer.get(values);
      return values;
    }
  }

  /** A batch of the same count and shape as {@code like}. */
  static ImageBatch images(Tensor tensor, ImageBatch like) {
    return new ImageBatch(like.count(), like.shape(), floats(tensor));
  }
}
