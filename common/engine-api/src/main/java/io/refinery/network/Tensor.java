package io.refinery.network;

import java.util.List;

/**
 * A named network's parameter: 32-bit floats in row-major order. The array is shared, not copied.
 */
public final class Tensor {

  private final List<Integer> shape;
  private final float[] values;

  /**
   * @param values as many as the product of {@code shape}
   */
  public Tensor(List<Integer> shape, float[] values) {
    this.shape = List.copyOf(shape);
    this.values = values;
    int size = shape.stream().reduce(1, Math::multiplyExact);
    if (size != values.length) {
      throw new IllegalArgumentException(
          "A tensor of shape " + shape + " has " + size + " values, not " + values.length);
    }
  }

  public List<Integer> shape() {
    return shape;
  }

  /** The values themselves, not a copy. */
  public float[] values() {
    return values;
  }
}
