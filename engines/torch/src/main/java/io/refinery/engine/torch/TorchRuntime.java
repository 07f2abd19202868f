package io.refinery.engine.torch;

import io.refinery.engine.Availability;
import io.refinery.engine.Availability.Available;
import io.refinery.engine.Availability.Unavailable;
import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import org.bytedeco.pytorch.Tensor;

/** The libtorch on the class path and the devices that it can use. */
final class TorchRuntime {

  static final String NAME = "torch";

  /** A library that only a build for CUDA contains. */
  private static final String CUDA_LIBRARY =
      "org/bytedeco/pytorch/linux-x86_64-gpu/libtorch_cuda.so";

  /**
   * Written by the bindings' build; the version is {@code 2.10.0-1.5.13}, libtorch's and JavaCPP's.
   */
  private static final String POM = "/META-INF/maven/org.bytedeco/pytorch/pom.properties";

  private static final String[] VERSIONS = versions();

  private TorchRuntime() {}

  /**
   * The native libraries, which cannot share a process with those of another JavaCPP or CUDA
   * version.
   */
  static Map<String, String> natives() {
    String javacpp = VERSIONS[1];
    return forCuda() ? Map.of("javacpp", javacpp, "cuda", "13") : Map.of("javacpp", javacpp);
  }

  /** Returns whether this build contains libtorch for CUDA. */
  static boolean forCuda() {
    return TorchRuntime.class.getClassLoader().getResource(CUDA_LIBRARY) != null;
  }

  static Availability availability(Device device) {
    return device instanceof Device.Cuda cuda ? availability(cuda) : availabilityOfCpu();
  }

  private static Availability availability(Device.Cuda device) {
    if (!forCuda()) {
      return new Unavailable(
          "This build of the torch engine supports only the CPU. Build it with the profile torch-cuda to"
              + " use "
              + device
              + ".");
    }
    return CudaRuntime.availability(device, description());
  }

  private static Availability availabilityOfCpu() {
    String missing = TorchLibraries.missing();
    return missing.isEmpty() ? new Available(description()) : new Unavailable(missing);
  }

  private static String description() {
    return "libtorch " + VERSIONS[0];
  }

  /**
   * @throws EngineException if {@code device} cannot be used
   */
  static void require(Device device) {
    if (availability(device) instanceof Unavailable unavailable) {
      throw new EngineException("torch cannot use " + device + ": " + unavailable.missing());
    }
  }

  private static String[] versions() {
    try (InputStream in = Tensor.class.getResourceAsStream(POM)) {
      Properties pom = new Properties();
      pom.load(in);
      return pom.getProperty("version").split("-", 2);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
