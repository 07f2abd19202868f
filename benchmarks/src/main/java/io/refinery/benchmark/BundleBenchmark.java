package io.refinery.benchmark;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Provenance;
import io.refinery.image.LevelBatch;
import io.refinery.simulator.EyeSimulator;
import io.refinery.simulator.Look;
import io.refinery.simulator.SimulatorOptions;
import io.refinery.storage.Sha256;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a worker does with a bundle besides refining it, for 2,000 simulated eyes, 55x35 gray, with
 * their labels, as 8-bit levels in batches of 32. Uses one thread, and files in the system's
 * temporary folder.
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
  private static final Provenance PROVENANCE = new Provenance(Map.of("refinery.model", "eyes@1"));

  @Param public BundleFormat format;

  private Path folder;
  private Path source;
  private Path target;
  private List<LevelBatch> batches;

  @Setup(Level.Trial)
  public void simulate() throws IOException, BundleException {
    folder = Files.createTempDirectory("refinery-benchmark");
    source = folder.resolve("source");
    target = folder.resolve("target");
    SimulatorOptions options = new SimulatorOptions(IMAGES, EyeModel.SHAPE, Look.SYNTHETIC, 1);
    EyeSimulator.write(source, format, options, written -> {});
    batches = new ArrayList<>();
    try (BundleReader reader = Bundles.open(source, BundleLimits.DEFAULT)) {
      Optional<LevelBatch> batch = reader.readLevels(BATCH);
      while (batch.isPresent()) {
        batches.add(batch.get());
        batch = reader.readLevels(BATCH);
      }
    }
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    TemporaryFolders.delete(folder);
  }

  /** Opens the bundle, with its labels, and reads its images. */
  @Benchmark
  public void decode(ImageCount count, Blackhole blackhole) throws BundleException {
    try (BundleReader reader = Bundles.open(source, BundleLimits.DEFAULT)) {
      Optional<LevelBatch> batch = reader.readLevels(BATCH);
      while (batch.isPresent()) {
        blackhole.consume(batch.get());
        batch = reader.readLevels(BATCH);
      }
    }
    count.images += IMAGES;
  }

  /** Writes the images into a copy of the bundle, which carries everything else in it. */
  @Benchmark
  public void encode(ImageCount count) throws BundleException, IOException {
    try (BundleWriter writer =
        Bundles.rewrite(target, format, source, BundleLimits.DEFAULT, PROVENANCE)) {
      write(writer, count);
    }
  }

  /** Writes the images alone, to show what carrying costs. */
  @Benchmark
  public void encodeImagesAlone(ImageCount count) throws BundleException, IOException {
    try (BundleWriter writer =
        Bundles.create(
            target, format, EyeModel.SHAPE, IMAGES, PixelType.UINT8, List.of(), PROVENANCE)) {
      write(writer, count);
    }
  }

  private void write(BundleWriter writer, ImageCount count) throws BundleException, IOException {
    for (LevelBatch batch : batches) {
      writer.write(batch);
    }
    writer.finish();
    count.images += IMAGES;
  }

  /** Computes the hash of the bundle, as for a result. */
  @Benchmark
  public String checksum(ImageCount count) throws IOException {
    String sha256 = Sha256.of(source);
    count.images += IMAGES;
    return sha256;
  }
}
