package io.refinery.network;

import java.util.List;

/** A parameter of a network: 32-bit floats in row-major order. The array is shared, not copied. */
public final class Tensor {

  private final List<Integer> shape;
  private final float[] values;

  /**
   * Wraps an array of values.
   *
   * @param values as many as the product of {@code shape}
   */
  public Tensor(List<Integer> shape, float[] values) {
    this.shape = List.copyOf(shape);
    this.values = values;
    int size = shape.stream().reduce(1, Math::multiplyExact);
    if (size != values.length) {
      throw new IllegalArgumentException(
          "A tensor of shape " + shape + " must have " + size + " values, not " + values.length);
    }
  }

  public List<Integer> shape() {
    return shape;
  }

  /** Returns the array itself, not a copy. */
  public float[] values() {
    return values;
  }
}
