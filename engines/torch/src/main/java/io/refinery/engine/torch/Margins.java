package io.refinery.engine.torch;

import io.refinery.engine.torch.Nnpack.Zeros;
import org.bytedeco.pytorch.Tensor;

/**
 * What of a band is not part of what it gives, and gets thinner with every layer.
 *
 * @param dimension along which the band lies, 2 (rows) or 3 (columns)
 * @param before whether there is a margin before it, and none of it is the image's edge
 * @param after likewise
 */
record Margins(int dimension, boolean before, boolean after) {

  /** Of whole images. */
  static final Margins NONE = new Margins(3, false, false);

  boolean areNone() {
    return !before && !after;
  }

  /** A view of {@code band} without the outermost {@code depth} rows or columns of its margins. */
  Tensor shed(Tensor band, long depth) {
    long first = before ? depth : 0;
    return band.narrow(dimension, first, band.size(dimension) - first - (after ? depth : 0));
  }

  /** Zeros around a band of which a filter that reaches {@code depth} far sheds its margins. */
  Zeros zeros(long depth) {
    boolean rows = dimension == 2;
    return new Zeros(
        rows && before ? 0 : depth,
        !rows && after ? 0 : depth,
        rows && after ? 0 : depth,
        !rows && before ? 0 : depth);
  }
}
