package io.refinery.engine.torch;

import io.refinery.engine.Availability;
import io.refinery.engine.Availability.Available;
import io.refinery.engine.Availability.Unavailable;
import io.refinery.engine.Device;
import java.util.List;
import java.util.OptionalInt;
import org.bytedeco.cuda.cudart.cudaDeviceProp;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * Checks whether libtorch can use a GPU on this machine, and says what is missing. Only a build for
 * CUDA may load this class.
 */
final class CudaRuntime {

  /** As CUDA encodes versions: 1000 times the major number plus 10 times the minor. */
  private static final int NEEDED_DRIVER = 13_000;

  /**
   * Compute capabilities, times 10, that the library has code for. Code also runs on later minor
   * versions.
   */
  private static final List<Integer> CAPABILITIES = List.of(75, 80, 90, 100, 103, 120, 121);

  private static final int CAPABILITY_MAJOR = 10;

  private CudaRuntime() {}

  static Availability availability(Device.Cuda device, String description) {
    if (!TorchLibraries.missingForCuda().isEmpty()) {
      return new Unavailable(TorchLibraries.missingForCuda());
    }
    try {
      String missing = missing(device);
      return missing.isEmpty() ? ofGpu(description, device) : new Unavailable(missing);
    } catch (RuntimeException e) {
      return new Unavailable(TorchErrors.of("use " + device, e).getMessage() + ".");
    }
  }

  /**
   * Returns a GPU's compute capability, 80 for 8.0; empty if {@link #availability} reports the GPU
   * as unavailable.
   */
  static OptionalInt capability(Device.Cuda device) {
    return availability(device, "") instanceof Available
        ? OptionalInt.of(capability(properties(device)))
        : OptionalInt.empty();
  }

  private static int capability(cudaDeviceProp properties) {
    return properties.major() * CAPABILITY_MAJOR + properties.minor();
  }

  private static cudaDeviceProp properties(Device.Cuda device) {
    return torch_cuda.getDeviceProperties((byte) device.number());
  }

  private static Availability ofGpu(String description, Device.Cuda device) {
    cudaDeviceProp properties = properties(device);
    return ofGpu(description, device, properties.name().getString(), capability(properties));
  }

  private static String missing(Device.Cuda device) {
    int[] driver = {0};
    cudart.cudaDriverGetVersion(driver);
    int[] devices = {0};
    int error = driver[0] == 0 ? 0 : cudart.cudaGetDeviceCount(devices);
    return missing(device, driver[0], devices[0], error == 0 ? "" : text(error));
  }

  private static String text(int error) {
    return cudart.cudaGetErrorString(error).getString();
  }

  /**
   * Returns why libtorch cannot use a GPU, as a sentence; empty if it can.
   *
   * @param driver the newest CUDA version that the driver supports, as CUDA encodes it; 0 without a
   *     driver
   * @param devices how many GPUs CUDA sees
   * @param error CUDA's error on counting devices; empty if there was none
   */
  static String missing(Device.Cuda device, int driver, int devices, String error) {
    if (driver == 0) {
      return TorchLibraries.NO_DRIVER;
    }
    if (driver < NEEDED_DRIVER) {
      return "The NVIDIA driver is too old: it supports CUDA %d.%d at most, and 13.0 is needed (driver 580 or later)."
          .formatted(driver / 1000, driver % 1000 / 10);
    }
    if (!error.isEmpty()) {
      return "CUDA finds no usable GPU: " + error + ".";
    }
    if (device.number() >= devices) {
      return "There is no " + device + ": CUDA sees " + devices + " GPUs, numbered from 0.";
    }
    return "";
  }

  /** Returns whether the library has code for a GPU of this capability. */
  static Availability ofGpu(String description, Device.Cuda device, String name, int capability) {
    String full =
        "%s of compute capability %d.%d"
            .formatted(name, capability / CAPABILITY_MAJOR, capability % CAPABILITY_MAJOR);
    boolean runs =
        CAPABILITIES.stream()
            .anyMatch(
                built ->
                    built / CAPABILITY_MAJOR == capability / CAPABILITY_MAJOR
                        && built <= capability);
    return runs
        ? new Available(description + " on " + full)
        : new Unavailable(
            "%s is a %s, which this libtorch does not support: it supports 7.5, 8.x, 9.x, 10.x and 12.x."
                .formatted(device, full));
  }
}
