package io.refinery.engine.torch;

import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;

/** What an NVIDIA GPU computes in. */
final class GpuPrecisions {

  /** Ampere, the first whose tensor cores take TF32 and bfloat16: compute capability 8.0. */
  private static final int AMPERE = 80;

  private GpuPrecisions() {}

  /** All that any GPU has, where nothing can be learnt of this one: it is then not available. */
  static Set<Precision> of(Device.Cuda device) {
    OptionalInt capability =
        TorchRuntime.forCuda() ? CudaRuntime.capability(device) : OptionalInt.empty();
    return of(capability.orElse(Integer.MAX_VALUE));
  }

  /**
   * @param capability compute capability times 10
   */
  static Set<Precision> of(int capability) {
    return capability >= AMPERE
        ? EnumSet.allOf(Precision.class)
        : EnumSet.of(Precision.FULL, Precision.HALF);
  }
}
