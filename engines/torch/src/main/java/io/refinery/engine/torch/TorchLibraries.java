package io.refinery.engine.torch;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * Whether the native libraries load. Each is tried once, for only the first time does Java say what
 * is missing.
 */
final class TorchLibraries {

  /** As the loader of Linux words it. */
  private static final Pattern NOT_FOUND =
      Pattern.compile("(lib[\\w.+-]+): cannot open shared object file");

  /** Comes with the driver, and from nowhere else. */
  private static final String DRIVER = "libcuda.so.1";

  static final String NO_DRIVER =
      "There is no NVIDIA driver here: install one for CUDA 13 (580 or later).";

  private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";

  static {
    if (TorchRuntime.forCuda()) {
      loadThoseForCuda();
    }
  }

  private TorchLibraries() {}

  /**
   * JavaCPP does not look at the libraries for CUDA unless this property says so. It reads it once,
   * and afterwards it goes, for another JavaCPP in this process would take it for its own.
   */
  private static void loadThoseForCuda() {
    String before = System.getProperty(EXTENSION);
    System.setProperty(EXTENSION, "-gpu");
    try {
      Loader.loadProperties();
    } finally {
      if (before == null) {
        System.clearProperty(EXTENSION);
      } else {
        System.setProperty(EXTENSION, before);
      }
    }
  }

  private static final class OfTorch {
    static final String MISSING = missing(torch::get_num_threads);
  }

  private static final class OfCuda {
    static final String MISSING =
        missing(
            () -> {
              cudart.cudaDriverGetVersion(new int[1]);
              torch_cuda.is_available();
            });
  }

  /** What keeps libtorch from loading, as a sentence; empty where it loads. */
  static String missing() {
    return OfTorch.MISSING;
  }

  /** The same for what it needs on a GPU; in a build for CUDA alone. */
  static String missingForCuda() {
    return OfCuda.MISSING;
  }

  private static String missing(Runnable firstUse) {
    try {
      firstUse.run();
      return "";
    } catch (LinkageError | RuntimeException e) {
      return sentence(e);
    }
  }

  static String sentence(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      Matcher matcher = NOT_FOUND.matcher(String.valueOf(cause.getMessage()));
      if (matcher.find()) {
        return sentence(matcher.group(1));
      }
    }
    return "libtorch does not load on %s %s: %s."
        .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), error);
  }

  private static String sentence(String library) {
    return library.equals(DRIVER)
        ? NO_DRIVER
        : library
            + " is missing: install CUDA 13, cuDNN 9 and NCCL 2, and name their folders in LD_LIBRARY_PATH.";
  }
}
