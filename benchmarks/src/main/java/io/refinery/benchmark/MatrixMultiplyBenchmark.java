package io.refinery.benchmark;

import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.ndarray.INDArray;
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

  private MatrixMultiply matrices;

  /** Adds GFLOP/s. */
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
    matrices = new MatrixMultiply();
  }

  @TearDown(Level.Trial)
  public void free() {
    matrices.close();
  }

  @Benchmark
  public INDArray multiply(Work work) {
    work.gigaflops += MatrixMultiply.GIGAFLOP;
    return matrices.multiply();
  }
}
