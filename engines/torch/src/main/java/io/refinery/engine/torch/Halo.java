package io.refinery.engine.torch;

import io.refinery.engine.torch.Nnpack.Zeros;
import org.bytedeco.pytorch.Tensor;

/**
 * The halo of a band: rows or columns that are read but not part of the result. It shrinks with
 * every layer.
 *
 * @param dimension that is cut into bands, 2 (rows) or 3 (columns)
 * @param before whether there is a halo before the band; there is none where it would cross the
 *     image's edge
 * @param after likewise, after the band
 */
record Halo(int dimension, boolean before, boolean after) {

  /** For whole images. */
  static final Halo NONE = new Halo(3, false, false);

  boolean isEmpty() {
    return !before && !after;
  }

  /**
   * Returns a view of {@code band} without the outermost {@code depth} rows or columns of its halo.
   */
  Tensor crop(Tensor band, long depth) {
    long first = before ? depth : 0;
    return band.narrow(dimension, first, band.size(dimension) - first - (after ? depth : 0));
  }

  /**
   * Returns the zero padding for a filter with radius {@code depth}: none on sides with a halo,
   * which the filter shrinks instead.
   */
  Zeros zeros(long depth) {
    boolean rows = dimension == 2;
    return new Zeros(
        rows && before ? 0 : depth,
        !rows && after ? 0 : depth,
        rows && after ? 0 : depth,
        !rows && before ? 0 : depth);
  }
}
