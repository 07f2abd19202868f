package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Run with {@code -Dbundle.mutations=5000} for more mutations than the default. */
class BrokenBytesTest {

  private static final int MUTATIONS = Integer.getInteger("bundle.mutations", 150);
  private static final BundleLimits LIMITS = new BundleLimits(1 << 20, 64, 1000, 1000);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip.h5",
        "split_chunks.h5",
        "lzf_colour.h5",
        "float_shuffled.h5",
        "latest.h5",
        "keyed.h5",
        "keyed_latest.h5",
        "eyes.zip"
      })
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void corruptBundlesThrowOnlyBundleException(String name) throws Exception {
    byte[] whole = Files.readAllBytes(TestBundles.fixture(name));
    Random random = new Random(name.hashCode());
    Path file = folder.resolve("broken");
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      Files.write(file, mutate(whole, random));
      try {
        Path target = TestBundles.rewrite(file, folder.resolve("target"), LIMITS);
        if (name.endsWith(".h5")) {
          assertThat(labels(target)).as(name + ", mutation " + i).isEqualTo(labels(file));
        }
      } catch (BundleException e) {
        assertThat(e).hasMessageMatching("(?s)[A-Z'].{10,}");
        refused++;
      } catch (IOException | RuntimeException | Error e) {
        throw new AssertionError(name + ", mutation " + i + ": " + e, e);
      }
    }
    assertThat(refused).isPositive();
  }

  /** Returns a hash of the values of each label, which a copy must share. */
  private static Map<String, Integer> labels(Path file) throws BundleException {
    Map<String, Integer> hashes = new TreeMap<>();
    try (HdfBundle bundle = HdfBundle.open(file, LIMITS)) {
      int count = Math.toIntExact(bundle.info().count());
      for (Column column : bundle.columns()) {
        if (column.type().isVariable()) {
          hashes.put(column.name(), Arrays.deepHashCode(column.readVariable(0, count)));
        } else {
          byte[] values = new byte[count * column.rowElements() * column.type().size()];
          column.read(0, count, values);
          hashes.put(column.name(), Arrays.hashCode(values));
        }
      }
    }
    return hashes;
  }

  private static byte[] mutate(byte[] whole, Random random) {
    if (random.nextInt(5) == 0) {
      return Arrays.copyOf(whole, random.nextInt(whole.length));
    }
    byte[] broken = whole.clone();
    for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
      broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
    }
    return broken;
  }
}
