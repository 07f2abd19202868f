package io.refinery.benchmark;

import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the machine's cores can do together: ND4J's SGEMM of two 2048 x 2048 matrices, in GFLOP/s.
 * An engine's share of it tells more than images a second of a machine that nobody else has.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class MatrixMultiplyBenchmark {

  private static final int SIDE = 2048;

  private INDArray left;
  private INDArray right;
  private INDArray product;

  /** Adds GFLOP/s; one multiplication and one addition are 2 FLOP. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Work {

    public double gigaflops;

    @Setup(Level.Iteration)
    public void forget() {
      gigaflops = 0;
    }
  }

  @Setup(Level.Trial)
  public void fill() {
    left = Nd4j.rand(DataType.FLOAT, SIDE, SIDE);
    right = Nd4j.rand(DataType.FLOAT, SIDE, SIDE);
    product = Nd4j.create(DataType.FLOAT, new long[] {SIDE, SIDE}, 'f');
  }

  @TearDown(Level.Trial)
  public void free() {
    left.close();
    right.close();
    product.close();
  }

  @Benchmark
  public INDArray multiply(Work work) {
    work.gigaflops += 2.0 * SIDE * SIDE * SIDE / 1e9;
    return left.mmuli(right, product);
  }
}
