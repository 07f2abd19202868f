package io.refinery.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.BundleOptions;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Provenance;
import io.refinery.image.LevelBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parsers of bundles, as workers and trainers use them. */
final class BundleTargets {

  /** 1 MiB, 64 pixels per side, 1,000 images, a ratio of 100. */
  static final BundleLimits LIMITS = new BundleLimits(1 << 20, 64, 1000, 100);

  /** What the largest file within the limits may inflate to, read by each of five operations. */
  static final long BYTES = 512L << 20;

  private static final int BATCH = 32;
  private static final Provenance PROVENANCE = new Provenance(Map.of("refinery.model", "eyes@7"));

  private final Path file;
  private final Path copy;

  private BundleTargets(Path folder) {
    this.file = folder.resolve("bundle");
    this.copy = folder.resolve("copy");
  }

  static List<FuzzTarget> all(Path folder) {
    BundleTargets bundles = new BundleTargets(folder);
    return List.of(
        new FuzzTarget("hdf5", Fixtures.read("bundles", ".h5"), BYTES, bundles::read),
        new FuzzTarget("zip", Fixtures.read("zips", ".zip"), BYTES, bundles::read),
        new FuzzTarget("tables", Fixtures.read("tables", ".zip"), BYTES, bundles::read));
  }

  /** Returns a reading of bundles in this folder. */
  static FuzzTarget.Reading reading(Path folder) {
    return new BundleTargets(folder)::read;
  }

  private void read(byte[] input) throws IOException {
    Files.write(file, input);
    for (BundleFormat format : BundleFormat.values()) {
      refused(() -> Bundles.conversion(file, format, LIMITS, BundleOptions.DEFAULT));
      refused(() -> rewrite(format));
    }
    refused(() -> Bundles.inventory(file, LIMITS, BundleOptions.DEFAULT));
    refused(this::labels);
  }

  /** An action on a bundle. */
  @FunctionalInterface
  private interface Action {
    void run() throws BundleException, IOException;
  }

  private static void refused(Action action) throws IOException {
    try {
      action.run();
    } catch (BundleException e) {
      Fixtures.requireSentence(e);
    }
  }

  private void rewrite(BundleFormat format) throws BundleException, IOException {
    BundleOptions options =
        format == BundleFormat.ZIP ? BundleOptions.AS_STORED : BundleOptions.DEFAULT;
    try (BundleReader reader = Bundles.open(file, LIMITS, options);
        BundleWriter writer = Bundles.rewrite(copy, format, file, LIMITS, options, PROVENANCE)) {
      long count = 0;
      for (Optional<LevelBatch> batch = reader.readLevels(BATCH);
          batch.isPresent();
          batch = reader.readLevels(BATCH)) {
        count += batch.get().count();
        writer.write(batch.get());
      }
      assertThat(count).isEqualTo(reader.info().count()).isLessThanOrEqualTo(LIMITS.images());
      writer.finish();
    }
  }

  private void labels() throws BundleException {
    try (BundleReader reader = Bundles.open(file, LIMITS)) {
      for (String label : reader.info().labels()) {
        reader.numbers(label);
      }
    }
  }
}
