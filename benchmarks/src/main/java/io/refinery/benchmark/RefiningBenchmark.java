package io.refinery.benchmark;

import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.image.ImageBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Refining batches of the paper's eyes, 55x35 gray, with an engine alone on all cores. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class RefiningBenchmark {

  @Param({"onnx", "dl4j"})
  public String engine;

  @Param({"1", "32", "128"})
  public int batch;

  private Path folder;
  private Refiner refiner;
  private ImageBatch images;

  @Setup(Level.Trial)
  public void load() throws IOException {
    folder = Files.createTempDirectory("refinery-benchmark");
    refiner = engine(engine).refiner(Eyes.model(folder), Device.cpu(), Precision.FULL);
    images = Eyes.images(batch);
  }

  @TearDown(Level.Trial)
  public void close() throws IOException {
    refiner.close();
    TemporaryFolders.delete(folder);
  }

  @Benchmark
  public ImageBatch refine(ImageCount count) {
    count.images += batch;
    return refiner.refine(images);
  }

  private static RefiningEngine engine(String name) {
    return ServiceLoader.load(RefiningEngine.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(engine -> engine.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No engine is called " + name));
  }
}
