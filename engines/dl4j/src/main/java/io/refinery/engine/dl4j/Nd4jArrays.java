package io.refinery.engine.dl4j;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Between Java's arrays and ND4J's, which lie outside the heap. */
final class Nd4jArrays {

  private Nd4jArrays() {}

  /** A copy of images, NCHW, to be closed. */
  static INDArray of(ImageBatch images, DataType type) {
    ImageShape shape = images.shape();
    return as(
        type,
        Nd4j.createFromArray(images.pixels())
            .reshape(images.count(), shape.channels(), shape.height(), shape.width()));
  }

  /** A copy of rows of values, to be closed. */
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

  /** A copy of the values, row-major. */
  static float[] floats(INDArray array) {
    try (INDArray copy = array.dup('c')) {
      return copy.data().asFloat();
    }
  }

  /** A copy of the values, row-major. */
  static double[] doubles(INDArray array) {
    try (INDArray copy = array.dup('c')) {
      return copy.data().asDouble();
    }
  }
}
