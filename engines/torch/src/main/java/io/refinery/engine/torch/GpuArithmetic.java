package io.refinery.engine.torch;

import io.refinery.engine.Device;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;

/**
 * How GPUs compute while they train. libtorch has it for the whole process, so whoever refines in
 * the same process on a GPU computes alike.
 */
final class GpuArithmetic {

  private GpuArithmetic() {}

  /** Sets what the options say, where {@code device} is a GPU. */
  static void use(Device device, TorchOptions options) {
    if (device instanceof Device.Cuda) {
      use(options);
    }
  }

  /** Sets what the options say; needs no GPU. */
  static void use(TorchOptions options) {
    Context context = torch.globalContext();
    context.setAllowTF32CuDNN(options.trainingTf32());
    context.setAllowTF32CuBLAS(options.trainingTf32());
    context.setDeterministicCuDNN(options.trainingDeterministic());
    context.setBenchmarkCuDNN(!options.trainingDeterministic());
  }
}
