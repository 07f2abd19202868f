package io.refinery.engine.torch;

import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import io.refinery.image.ImageShape;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.util.List;
import java.util.Locale;

/**
 * How one core refines.
 *
 * @param part eyes of 55x35 in one go, or as many pixels of other images
 */
record CpuWay(ConvolutionKind convolution, int part) {

  private static final int HEIGHT = 35;
  private static final int WIDTH = 55;

  /** Those that may be fastest. */
  static List<CpuWay> all(List<ConvolutionKind> convolutions, int mostImages) {
    return convolutions.stream()
        .flatMap(kind -> kind.parts(mostImages).mapToObj(part -> new CpuWay(kind, part)))
        .toList();
  }

  /** The network with its weights laid out as the convolutions want them. */
  RefinerPass pass(RefinerNetwork network, Weights weights, Precision precision) {
    return new RefinerPass(network, weights, convolution.create(), Device.cpu(), precision);
  }

  /** Images of {@code shape} in one go, at least 1. */
  int images(ImageShape shape) {
    return Math.max(1, (int) ((long) part * HEIGHT * WIDTH / shape.height() / shape.width()));
  }

  /** Images x channels x height x width of a go. */
  long[] sizes(int channels) {
    return new long[] {part, channels, HEIGHT, WIDTH};
  }

  @Override
  public String toString() {
    return "%s convolutions, %d at a time"
        .formatted(convolution.name().toLowerCase(Locale.ROOT), part);
  }
}
