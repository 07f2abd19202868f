package io.refinery.engine.torch;

import io.refinery.engine.MicroBatchSize;
import io.refinery.engine.Precision;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.util.List;
import java.util.Locale;

/**
 * How one core refines.
 *
 * @param part in one go
 */
record CpuStrategy(ConvolutionKind convolution, MicroBatchSize part) {

  /** Those that may be fastest. */
  static List<CpuStrategy> all(List<ConvolutionKind> convolutions, int mostImages) {
    return convolutions.stream()
        .flatMap(
            kind ->
                kind.parts(mostImages)
                    .mapToObj(part -> new CpuStrategy(kind, new MicroBatchSize(part))))
        .toList();
  }

  /** The network with its weights laid out as the convolutions want them. */
  CpuPass pass(RefinerNetwork network, Weights weights, Precision precision) {
    return new CpuPass(network, weights, convolution.create(), precision);
  }

  @Override
  public String toString() {
    return convolution.name().toLowerCase(Locale.ROOT) + " convolutions, " + part;
  }
}
