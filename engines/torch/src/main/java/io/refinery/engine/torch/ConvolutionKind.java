package io.refinery.engine.torch;

import io.refinery.engine.Precision;
import java.util.stream.IntStream;

/** The convolution backends for the CPU. */
enum ConvolutionKind {
  FAST,
  PLAIN;

  ConvolutionBackend create() {
    return switch (this) {
      case FAST -> new NnpackBackend(Nnpack.functions().orElseThrow());
      case PLAIN -> new LibtorchBackend();
    };
  }

  /** Whether this CPU supports it; NNPACK computes in 32-bit floats only. */
  boolean supports(Precision precision) {
    return switch (this) {
      case FAST -> precision == Precision.FULL && Nnpack.functions().isPresent();
      case PLAIN -> true;
    };
  }

  /** Micro-batch sizes worth trying. NNPACK computes one image at a time whatever the size. */
  IntStream microBatchSizes(int max) {
    return this == FAST ? IntStream.of(1) : IntStream.of(1, max).distinct();
  }
}
