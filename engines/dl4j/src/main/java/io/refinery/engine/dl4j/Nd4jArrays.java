package io.refinery.engine.dl4j;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Copies between Java arrays and ND4J arrays, which are off-heap. */
final class Nd4jArrays {

  private Nd4jArrays() {}

  /** Copies images, NCHW. The caller closes the result. */
  static INDArray of(ImageBatch images, DataType type) {
    ImageShape shape = images.shape();
    return as(
        type,
        Nd4j.createFromArray(images.pixels())
            .reshape(images.count(), shape.channels(), shape.height(), shape.width()));
  }

  /** Copies rows of values. The caller closes the result. */
  static INDArray of(float[] values, int rows, DataType type) {
    return as(type, Nd4j.createFromArray(values).reshape(rows, values.length / rows));
  }

  private static INDArray as(DataType type, INDArray floats) {
    if (type == DataType.FLOAT) {
      return floats;
    }
    try (floats) {
      return floats.castTo(type);
    }
  }

  /** Returns a copy of the values, row-major. */
  static float[] floats(INDArray array) {
    try (INDArray copy = array.dup('c')) {
      return copy.data().asFloat();
    }
  }

  /** Returns a copy of the values, row-major. */
  static double[] doubles(INDArray array) {
    try (INDArray copy = array.dup('c')) {
      return copy.data().asDouble();
    }
  }
}
