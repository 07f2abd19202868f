package io.refinery.engine.torch;

import io.refinery.engine.Precision;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Copies between arrays of the heap and tensors, row-major, 32-bit floats. */
final class Tensors {

  private Tensors() {}

  /** Count x channels x height x width, on the CPU. */
  static Tensor of(ImageBatch images) {
    ImageShape shape = images.shape();
    return of(images.pixels(), images.count(), shape.channels(), shape.height(), shape.width());
  }

  /** On the CPU. */
  static Tensor of(io.refinery.network.Tensor tensor) {
    List<Integer> shape = tensor.shape();
    return of(tensor.values(), shape.stream().mapToLong(Integer::longValue).toArray());
  }

  /** On the CPU. */
  static Tensor of(float[] values, long... shape) {
    try (FloatPointer pointer = new FloatPointer(values);
        Tensor view = torch.from_blob(pointer, shape)) {
      return view.clone();
    }
  }

  /** Of a tensor of any device and type; waits for the device. */
  static float[] floats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.numel())];
    Scoped.run(() -> tensor.cpu().to(ScalarType.Float).contiguous().data_ptr_float().get(values));
    return values;
  }

  /** Of a tensor of any device and type; waits for the device. */
  static double[] doubles(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.numel())];
    Scoped.run(() -> tensor.cpu().to(ScalarType.Double).contiguous().data_ptr_double().get(values));
    return values;
  }

  /** The numbers of a dense tensor as they lie in memory; waits for the device. */
  static byte[] bytes(Tensor tensor) {
    byte[] bytes = new byte[Math.toIntExact(tensor.nbytes())];
    Scoped.run(() -> new BytePointer(tensor.cpu().data_ptr()).get(bytes));
    return bytes;
  }

  /** Takes back what {@link #bytes} gave. */
  static void setBytes(Tensor tensor, byte[] bytes) {
    Scoped.run(
        () -> {
          Tensor host = tensor.cpu().clone();
          new BytePointer(host.data_ptr()).put(bytes);
          tensor.copy_(host);
        });
  }

  /** What numbers of {@code precision} are stored as. */
  static ScalarType type(Precision precision) {
    return switch (precision) {
      case FULL, TF32 -> ScalarType.Float;
      case BFLOAT16 -> ScalarType.BFloat16;
      case HALF -> ScalarType.Half;
    };
  }

  /** A batch of the same count and shape as {@code like}. */
  static ImageBatch images(Tensor tensor, ImageBatch like) {
    return new ImageBatch(like.count(), like.shape(), floats(tensor));
  }
}
