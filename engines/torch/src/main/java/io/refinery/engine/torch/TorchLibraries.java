package io.refinery.engine.torch;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * Loads the native libraries and says what is missing. Each is tried only once, because Java names
 * the missing library only on the first attempt.
 */
final class TorchLibraries {

  /**
   * The message of Linux's dynamic loader. Java passes the text on in an {@link
   * UnsatisfiedLinkError}, which has neither a code nor the library's name.
   */
  private static final Pattern NOT_FOUND =
      Pattern.compile("(lib[\\w.+-]+): cannot open shared object file");

  /** Only the driver provides this library. */
  private static final String DRIVER = "libcuda.so.1";

  static final String NO_DRIVER =
      "There is no NVIDIA driver. Install one for CUDA 13 (580 or later).";

  private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";

  static {
    if (TorchRuntime.forCuda()) {
      findCudaLibraries();
    }
  }

  private TorchLibraries() {}

  /**
   * JavaCPP looks for the CUDA libraries only if this property is set. JavaCPP reads it once; we
   * then reset it, so that another JavaCPP in this process does not read it too.
   */
  private static void findCudaLibraries() {
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

  /** Returns why libtorch does not load, as a sentence; empty if it loads. */
  static String missing() {
    return OfTorch.MISSING;
  }

  /** Returns why what libtorch needs on a GPU does not load; only in a build for CUDA. */
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
            + " is missing. Install CUDA 13, cuDNN 9 and NCCL 2, and add their folders to LD_LIBRARY_PATH.";
  }
}
