package io.refinery.benchmark;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's SGEMM of two 2048 x 2048 matrices on all cores. */
final class MatrixMultiply implements AutoCloseable {

  private static final int SIDE = 2048;
  private static final int TIMES = 20;

  /** Of one product: a multiplication and an addition are 2 FLOP. */
  static final double GIGAFLOP = 2.0 * SIDE * SIDE * SIDE / 1e9;

  private final INDArray left = Nd4j.rand(DataType.FLOAT, SIDE, SIDE);
  private final INDArray right = Nd4j.rand(DataType.FLOAT, SIDE, SIDE);
  private final INDArray product = Nd4j.create(DataType.FLOAT, new long[] {SIDE, SIDE}, 'f');

  INDArray multiply() {
    return left.mmuli(right, product);
  }

  /** The rate of twenty products in a row. */
  double gigaflops() {
    long start = System.nanoTime();
    for (int i = 0; i < TIMES; i++) {
      multiply();
    }
    return TIMES * GIGAFLOP / ((System.nanoTime() - start) / 1e9);
  }

  @Override
  public void close() {
    left.close();
    right.close();
    product.close();
  }
}
