package io.refinery.engine.torch;

import io.refinery.engine.Precision;

/** The ways to convolve on the CPU. */
enum ConvolutionKind {
  FAST,
  PLAIN;

  Convolution create() {
    return switch (this) {
      case FAST -> FastConvolution.create();
      case PLAIN -> new PlainConvolution();
    };
  }

  /** Whether this processor can; NNPACK has no other numbers than 32-bit floats. */
  boolean canDo(Precision precision) {
    return switch (this) {
      case FAST -> precision == Precision.FULL && FastConvolution.isAvailable();
      case PLAIN -> true;
    };
  }
}
