package io.refinery.engine.dl4j;

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
import org.deeplearning4j.util.CrashReportingUtil;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.Nd4jBackend;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** The ND4J backend on the class path and the devices that it can use. */
final class Nd4jRuntime {

  static final String NAME = "dl4j";

  /** The engine's rank on any device; see RATIONALE.md for the figures. */
  static final int SPEED = 100;

  private static final String JAVACPP = "1.5.7";

  private static final String CPU_BACKEND = "org.nd4j.linalg.cpu.nativecpu.CpuBackend";
  private static final String CUDA_BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

  /** Lowest compute capability, times 10, that nd4j-cuda-11.6 has binaries for. */
  private static final int FIRST_CAPABILITY = 37;

  /** Highest one, likewise. */
  private static final int LAST_CAPABILITY = 89;

  static {
    // By default ND4J looks its backend up with the thread's class loader, which may not be this
    // engine's.
    ND4JClassLoading.setNd4jClassloaderFromClass(Nd4jRuntime.class);
  }

  private Nd4jRuntime() {}

  /**
   * The native libraries, which cannot share a process with those of another JavaCPP or CUDA
   * version.
   */
  static Map<String, String> natives() {
    return onClassPath(CUDA_BACKEND)
        ? Map.of("javacpp", JAVACPP, "cuda", "11")
        : Map.of("javacpp", JAVACPP);
  }

  static Availability availability(Device device) {
    if (device instanceof Device.Cuda cuda) {
      return cuda(cuda);
    }
    if (!onClassPath(CPU_BACKEND)) {
      return new Unavailable(
          "This build of the dl4j engine supports only CUDA. Build it without the profile dl4j-cuda to"
              + " use the CPU.");
    }
    return loaded("its CPU library does not load on this machine");
  }

  private static Availability cuda(Device.Cuda device) {
    if (!onClassPath(CUDA_BACKEND)) {
      return new Unavailable(
          "This build of the dl4j engine supports only the CPU. Build it with the profile dl4j-cuda to"
              + " use "
              + device
              + ".");
    }
    if (loaded("there is no NVIDIA driver, or no CUDA 11 with cuBLAS and cuSOLVER")
        instanceof Unavailable missing) {
      return missing;
    }
    NativeOps natives = NativeOpsHolder.getInstance().getDeviceNativeOps();
    int devices = natives.getAvailableDevices();
    if (device.number() >= devices) {
      return new Unavailable("There is no " + device + ": this machine has " + devices + " GPUs.");
    }
    int major = natives.getDeviceMajor(device.number());
    int minor = natives.getDeviceMinor(device.number());
    int capability = 10 * major + minor;
    if (capability < FIRST_CAPABILITY || capability > LAST_CAPABILITY) {
      return new Unavailable(
          "%s has compute capability %d.%d; nd4j-cuda-11.6 supports 3.7 to 8.9."
              .formatted(device, major, minor));
    }
    return available();
  }

  /**
   * Selects {@code device} for the current thread and stops ND4J from writing crash files to the
   * working directory.
   */
  static void use(Device device) {
    if (availability(device) instanceof Unavailable unavailable) {
      throw new EngineException("dl4j cannot use " + device + ": " + unavailable.missing());
    }
    CrashReportingUtil.crashDumpsEnabled(false);
    if (device instanceof Device.Cuda cuda) {
      Nd4j.getAffinityManager().unsafeSetDevice(cuda.number());
    }
  }

  private static Availability loaded(String otherwise) {
    try {
      Nd4j.getBackend();
      return available();
    } catch (LinkageError | RuntimeException e) {
      return new Unavailable("ND4J does not start: " + otherwise + cause(e) + ".");
    }
  }

  /** Empty if ND4J only says that it found no usable backend. */
  private static String cause(Throwable thrown) {
    Throwable root = root(thrown);
    return root instanceof Nd4jBackend.NoAvailableBackendException ? "" : " (" + root + ")";
  }

  private static Throwable root(Throwable thrown) {
    return thrown.getCause() == null ? thrown : root(thrown.getCause());
  }

  private static Available available() {
    return new Available(
        "Deeplearning4j %s, %s".formatted(version(), Nd4j.getBackend().getClass().getSimpleName()));
  }

  private static String version() {
    try (InputStream in =
        Nd4j.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-api/pom.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean onClassPath(String type) {
    return Nd4jRuntime.class.getClassLoader().getResource(type.replace('.', '/') + ".class")
        != null;
  }
}
