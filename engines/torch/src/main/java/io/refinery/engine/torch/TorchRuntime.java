package io.refinery.engine.torch;

import io.refinery.engine.Availability;
import io.refinery.engine.Availability.Available;
import io.refinery.engine.Availability.Unavailable;
import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import java.util.Map;
import org.bytedeco.pytorch.global.torch;

/** The libtorch on the class path, and which devices it can use. */
final class TorchRuntime {

  static final String NAME = "torch";

  private static final String JAVACPP = "1.5.13";

  private static final String VERSION = "2.10.0";

  /** The library that only a build for CUDA brings. */
  private static final String CUDA_LIBRARY =
      "org/bytedeco/pytorch/linux-x86_64-gpu/libtorch_cuda.so";

  private TorchRuntime() {}

  /** Its natives cannot lie beside those of another JavaCPP, or of another CUDA. */
  static Map<String, String> natives() {
    return forCuda() ? Map.of("javacpp", JAVACPP, "cuda", "13") : Map.of("javacpp", JAVACPP);
  }

  /** Whether this build brings libtorch for CUDA. */
  static boolean forCuda() {
    return TorchRuntime.class.getClassLoader().getResource(CUDA_LIBRARY) != null;
  }

  static Availability availability(Device device) {
    if (device instanceof Device.Cuda && !forCuda()) {
      return new Unavailable(
          "This build of the torch engine is for the CPU alone: build it with the profile torch-cuda"
              + " to use "
              + device);
    }
    try {
      torch.get_num_threads();
      return new Available("libtorch " + VERSION);
    } catch (LinkageError | RuntimeException e) {
      return new Unavailable(
          "libtorch does not load on "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + ": "
              + e);
    }
  }

  /**
   * @throws EngineException where {@code device} cannot be used
   */
  static void require(Device device) {
    if (availability(device) instanceof Unavailable unavailable) {
      throw new EngineException("torch cannot use " + device + ": " + unavailable.missing());
    }
  }
}
