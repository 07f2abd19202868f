package io.refinery.engine.torch;

import io.refinery.engine.Precision;
import java.util.stream.IntStream;

/** The ways to convolve on the CPU. */
enum ConvolutionKind {
  FAST,
  PLAIN;

  Convolution create() {
    return switch (this) {
      case FAST -> new NnpackConvolution(Nnpack.functions().orElseThrow());
      case PLAIN -> new PlainConvolution();
    };
  }

  /** Whether this processor can; NNPACK has no other numbers than 32-bit floats. */
  boolean canDo(Precision precision) {
    return switch (this) {
      case FAST -> precision == Precision.FULL && Nnpack.functions().isPresent();
      case PLAIN -> true;
    };
  }

  /** Images of one go that may be worth trying: NNPACK takes one after the other whatever it is. */
  IntStream parts(int most) {
    return this == FAST ? IntStream.of(1) : IntStream.of(1, most).distinct();
  }
}
