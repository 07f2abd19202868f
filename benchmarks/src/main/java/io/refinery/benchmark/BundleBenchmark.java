package io.refinery.benchmark;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Provenance;
import io.refinery.image.ImageBatch;
import io.refinery.simulator.EyeSimulator;
import io.refinery.simulator.Look;
import io.refinery.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * Decoding and encoding an HDF5 bundle of 2,000 simulated eyes, 55x35 gray, in batches of 32, which
 * a worker does before and after refining. Uses one thread, and files in the system's temporary
 * folder.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class BundleBenchmark {

  private static final int IMAGES = 2000;
  private static final int BATCH = 32;

  private Path folder;
  private Path source;
  private List<ImageBatch> batches;

  @Setup(Level.Trial)
  public void simulate() throws IOException, BundleException {
    folder = Files.createTempDirectory("refinery-benchmark");
    source = folder.resolve("source.h5");
    SimulatorOptions options = new SimulatorOptions(IMAGES, EyeModel.SHAPE, Look.SYNTHETIC, 1);
    EyeSimulator.write(source, BundleFormat.HDF5, options, written -> {});
    batches = new ArrayList<>();
    try (BundleReader reader = Bundles.open(source, BundleLimits.DEFAULT)) {
      Optional<ImageBatch> batch = reader.read(BATCH);
      while (batch.isPresent()) {
        batches.add(batch.get());
        batch = reader.read(BATCH);
      }
    }
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    TemporaryFolders.delete(folder);
  }

  @Benchmark
  public void decode(ImageCount count, Blackhole blackhole) throws BundleException {
    try (BundleReader reader = Bundles.open(source, BundleLimits.DEFAULT)) {
      Optional<ImageBatch> batch = reader.read(BATCH);
      while (batch.isPresent()) {
        blackhole.consume(batch.get());
        batch = reader.read(BATCH);
      }
    }
    count.images += IMAGES;
  }

  @Benchmark
  public void encode(ImageCount count) throws BundleException, IOException {
    try (BundleWriter writer =
        Bundles.rewrite(
            folder.resolve("target.h5"),
            BundleFormat.HDF5,
            source,
            BundleLimits.DEFAULT,
            new Provenance(Map.of("refinery.model", "eyes@1")))) {
      for (ImageBatch batch : batches) {
        writer.write(batch);
      }
      writer.finish();
    }
    count.images += IMAGES;
  }
}
