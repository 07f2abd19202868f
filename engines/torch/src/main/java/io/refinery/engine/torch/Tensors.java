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

/** Copies between Java arrays and tensors, row-major, 32-bit floats. */
final class Tensors {

  private Tensors() {}

  /** Copies images to a CPU tensor: count x channels x height x width. */
  static Tensor of(ImageBatch images) {
    ImageShape shape = images.shape();
    return of(images.pixels(), images.count(), shape.channels(), shape.height(), shape.width());
  }

  /** Copies a network's tensor to a CPU tensor. */
  static Tensor of(io.refinery.network.Tensor tensor) {
    List<Integer> shape = tensor.shape();
    return of(tensor.values(), shape.stream().mapToLong(Integer::longValue).toArray());
  }

  /** Copies values to a CPU tensor. */
  static Tensor of(float[] values, long... shape) {
    try (FloatPointer pointer = new FloatPointer(values);
        Tensor view = torch.from_blob(pointer, shape)) {
      return view.clone();
    }
  }

  /** Copies a tensor of any device and type; waits for the device. */
  static float[] floats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.numel())];
    TensorScope.run(
        () -> tensor.cpu().to(ScalarType.Float).contiguous().data_ptr_float().get(values));
    return values;
  }

  /** Copies a tensor of any device and type; waits for the device. */
  static double[] doubles(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.numel())];
    TensorScope.run(
        () -> tensor.cpu().to(ScalarType.Double).contiguous().data_ptr_double().get(values));
    return values;
  }

  /** Copies the raw memory of a dense tensor; waits for the device. */
  static byte[] bytes(Tensor tensor) {
    byte[] bytes = new byte[Math.toIntExact(tensor.nbytes())];
    TensorScope.run(() -> new BytePointer(tensor.cpu().data_ptr()).get(bytes));
    return bytes;
  }

  /** Restores what {@link #bytes} returned. */
  static void setBytes(Tensor tensor, byte[] bytes) {
    TensorScope.run(
        () -> {
          Tensor host = tensor.cpu().clone();
          new BytePointer(host.data_ptr()).put(bytes);
          tensor.copy_(host);
        });
  }

  /** Returns the element type for {@code precision}. */
  static ScalarType type(Precision precision) {
    return switch (precision) {
      case FULL, TF32 -> ScalarType.Float;
      case BFLOAT16 -> ScalarType.BFloat16;
      case HALF -> ScalarType.Half;
    };
  }

  /** Copies a tensor to a batch of the same count and shape as {@code like}. */
  static ImageBatch images(Tensor tensor, ImageBatch like) {
    return new ImageBatch(like.count(), like.shape(), floats(tensor));
  }
}
