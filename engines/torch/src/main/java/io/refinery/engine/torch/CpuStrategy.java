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
 * @param microBatch images per forward pass
 */
record CpuStrategy(ConvolutionKind convolution, MicroBatchSize microBatch) {

  /** All strategies worth trying. */
  static List<CpuStrategy> all(List<ConvolutionKind> convolutions, int maxImages) {
    return convolutions.stream()
        .flatMap(
            kind ->
                kind.microBatchSizes(maxImages)
                    .mapToObj(size -> new CpuStrategy(kind, new MicroBatchSize(size))))
        .toList();
  }

  /** Lays out the network's weights for this strategy's convolutions. */
  CpuPass pass(RefinerNetwork network, Weights weights, Precision precision) {
    return new CpuPass(network, weights, convolution.create(), precision);
  }

  @Override
  public String toString() {
    return convolution.name().toLowerCase(Locale.ROOT) + " convolutions, " + microBatch;
  }
}
