package io.refinery.engine.torch;

import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;

/** The precisions that an NVIDIA GPU computes in. */
final class GpuPrecisions {

  /** Ampere (compute capability 8.0), the first whose tensor cores support TF32 and bfloat16. */
  private static final int AMPERE = 80;

  private GpuPrecisions() {}

  /** Returns all precisions if the GPU cannot be queried; it is then unavailable anyway. */
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
