package io.refinery.engine.torch;

import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Convolutions by NNPACK, which libtorch brings along: Winograd's algorithm for filters of 3x3,
 * Fourier transforms for larger ones (Lavin and Gray, arXiv 1509.09308; Vasilache et al., arXiv
 * 1412.7580). On one thread, 32-bit floats, x86-64 with AVX2.
 */
final class FastConvolution implements Convolution {

  /** The bindings leave these two operators out; TorchScript has them. */
  private static final String SCRIPT =
      """
      def available():
          return torch._nnpack_available()
      def convolve(images: Tensor, weight: Tensor, bias: Tensor, pad: int):
          return torch._nnpack_spatial_convolution(images, weight, bias, [pad, pad], [1, 1])
      """;

  /** The filters whose sums NNPACK has a fast algorithm for. */
  private static final int LEAST_FILTER = 3;

  private static final int LARGEST_FILTER = 15;

  private final Convolution others = new PlainConvolution();
  private final Function function;

  private FastConvolution(Function function) {
    this.function = function;
  }

  private static final class Compiled {
    /** Lives as long as the process, and so do its functions. */
    static final CompilationUnit UNIT = torch.compile(SCRIPT);

    static final boolean AVAILABLE = available();

    private static boolean available() {
      try (QualifiedName name = new QualifiedName("available");
          IValueVector stack = new IValueVector()) {
        // Also sets NNPACK up, which convolving without does not.
        UNIT.get_function(name).run(stack);
        return stack.get(0).toBool();
      }
    }
  }

  /** Whether NNPACK runs on this processor. */
  static boolean isAvailable() {
    return Compiled.AVAILABLE;
  }

  static FastConvolution create() {
    try (QualifiedName name = new QualifiedName("convolve")) {
      return new FastConvolution(Compiled.UNIT.get_function(name));
    }
  }

  @Override
  public Tensor weight(Tensor weight) {
    return isFast(weight) ? weight.contiguous() : others.weight(weight);
  }

  @Override
  public Tensor apply(Tensor images, Tensor weight, Tensor bias, long pad) {
    if (!isFast(weight)) {
      return others.apply(images, weight, bias, pad);
    }
    try (IValue input = new IValue(images);
        IValue filters = new IValue(weight);
        IValue added = new IValue(bias);
        IValue zeros = new IValue(pad);
        IValueVector stack = new IValueVector(input, filters, added, zeros)) {
      function.run(stack);
      // What the stack holds goes with the stack.
      return new Tensor(stack.get(0).toTensor());
    }
  }

  /** One map or a single weight gains nothing by a transform. */
  private static boolean isFast(Tensor weight) {
    long side = weight.size(2);
    return weight.size(1) > 1 && side >= LEAST_FILTER && side <= LARGEST_FILTER;
  }
}
