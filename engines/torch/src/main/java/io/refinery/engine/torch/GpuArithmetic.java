package io.refinery.engine.torch;

import io.refinery.engine.Device;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;

/**
 * How GPUs compute while they train. libtorch has it for the whole process, so whoever refines in
 * the same process on a GPU computes alike.
 */
final class GpuArithmetic {

  /**
   * {@code true} for products of 10-bit mantissas, NVIDIA's TF32: faster from compute capability
   * 8.0 on, gradients off by about a thousandth. Otherwise 32-bit floats throughout, though
   * libtorch by itself would have convolutions in TF32.
   */
  static final String TF32 = "refinery.torch.tf32";

  /**
   * {@code false} to let cuDNN try its algorithms for each shape and take the fastest. Otherwise
   * only such as give the same bits every time, so that a resumed training goes on to the bit.
   */
  static final String DETERMINISTIC = "refinery.torch.deterministic";

  private GpuArithmetic() {}

  /** Sets what the properties say, where {@code device} is a GPU. */
  static void use(Device device) {
    if (device instanceof Device.Cuda) {
      use();
    }
  }

  /** Sets what the properties say; needs no GPU. */
  static void use() {
    boolean tf32 = Boolean.getBoolean(TF32);
    boolean deterministic = Boolean.parseBoolean(System.getProperty(DETERMINISTIC, "true"));
    Context context = torch.globalContext();
    context.setAllowTF32CuDNN(tf32);
    context.setAllowTF32CuBLAS(tf32);
    context.setDeterministicCuDNN(deterministic);
    context.setBenchmarkCuDNN(!deterministic);
  }
}
