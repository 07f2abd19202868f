package io.refinery.engine.torch;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import com.sun.jna.ptr.LongByReference;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The C interface of NNPACK, which ships inside libtorch and has fast convolution algorithms:
 * Winograd's for 3x3 filters, Fourier transforms for larger ones (Lavin and Gray, arXiv 1509.09308;
 * Vasilache et al., arXiv 1412.7580). It computes in 32-bit floats, on x86-64 with AVX2 or on ARM.
 */
final class Nnpack {

  private static final Logger log = LoggerFactory.getLogger(Nnpack.class);

  private static final String LIBRARY = "torch_cpu";

  private Nnpack() {}

  /** The algorithm of a layer; the numbers are those of {@code nnp_convolution_algorithm}. */
  enum Algorithm {
    FOURIER_16(2),
    WINOGRAD_8(3),
    IMPLICIT_PRODUCT(4),
    DIRECT(5);

    private static final int WINOGRAD_FILTER = 3;
    private static final int LARGEST_FOURIER_FILTER = 15;

    private final int number;

    Algorithm(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    /** Returns whether filters can be transformed once and reused for every image. */
    boolean transforms() {
      return this != DIRECT;
    }

    /** Returns the algorithm for filters of {@code size} x {@code size}. */
    static Algorithm of(long size) {
      if (size == 1) {
        return DIRECT;
      }
      if (size == WINOGRAD_FILTER) {
        return WINOGRAD_8;
      }
      return size <= LARGEST_FOURIER_FILTER ? FOURIER_16 : IMPLICIT_PRODUCT;
    }
  }

  /** {@code nnp_convolution_transform_strategy}. */
  static final int COMPUTE = 1;

  static final int PRECOMPUTE = 2;
  static final int REUSE = 3;

  /** A value of {@code nnp_status}: the workspace is too small. */
  static final int INSUFFICIENT_BUFFER = 53;

  /** A value of {@code nnp_activation}: none. */
  static final int IDENTITY = 0;

  /** Zero padding of an image: rows or columns on each side. */
  record Zeros(long top, long right, long bottom, long left) {}

  /** {@code nnp_size}, by value. */
  @FieldOrder({"width", "height"})
  public static final class Size extends Structure implements Structure.ByValue {
    public long width;
    public long height;

    void set(long newWidth, long newHeight) {
      width = newWidth;
      height = newHeight;
    }
  }

  /** {@code nnp_padding}, by value. */
  @FieldOrder({"top", "right", "bottom", "left"})
  public static final class Padding extends Structure implements Structure.ByValue {
    public long top;
    public long right;
    public long bottom;
    public long left;

    void set(Zeros zeros) {
      top = zeros.top();
      right = zeros.right();
      bottom = zeros.bottom();
      left = zeros.left();
    }
  }

  /**
   * The functions of {@code nnpack.h}. Addresses and {@code size_t} are longs, because libtorch
   * exists only for 64-bit CPUs.
   */
  interface Functions extends Library {

    int initialize();

    /**
     * @param workspaceSize size of {@code workspace} in bytes; if {@code workspace} is 0, the
     *     required size is written here
     * @return 0, or an error code
     */
    int convolve(
        int algorithm,
        int strategy,
        long channels,
        long maps,
        Size images,
        Padding padding,
        Size filters,
        Size stride,
        long input,
        long weight,
        long bias,
        long output,
        long workspace,
        LongByReference workspaceSize,
        int activation,
        long activationParameters,
        long threads,
        long profile);
  }

  private static final class Loaded {

    private static final Map<String, String> NAMES =
        Map.of("initialize", "nnp_initialize", "convolve", "nnp_convolution_inference");

    static final Optional<Functions> FUNCTIONS = load();

    /** Empty if libtorch contains no NNPACK, as on Windows, or NNPACK does not support this CPU. */
    private static Optional<Functions> load() {
      try {
        Loader.load(org.bytedeco.pytorch.global.torch.class);
        String file = Loader.getLoadedLibraries().get(LIBRARY);
        Functions functions =
            Native.load(
                file,
                Functions.class,
                Map.of(
                    Library.OPTION_FUNCTION_MAPPER,
                    (com.sun.jna.FunctionMapper) (library, method) -> NAMES.get(method.getName())));
        int status = functions.initialize();
        if (status == 0) {
          return Optional.of(functions);
        }
        log.info(
            "Using oneDNN for all convolutions: NNPACK does not support this CPU (status {})",
            status);
      } catch (LinkageError e) {
        log.info("Using oneDNN for all convolutions: NNPACK cannot be loaded: {}", e.toString());
      }
      return Optional.empty();
    }
  }

  /** Returns the functions; empty if NNPACK does not run on this CPU. */
  static Optional<Functions> functions() {
    return Loaded.FUNCTIONS;
  }
}
