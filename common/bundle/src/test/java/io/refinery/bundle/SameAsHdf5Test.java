package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares with HDF5's own library on broken files. Run with {@code -Dbundle.mutations=5000} for
 * more than the default.
 */
class SameAsHdf5Test {

  private static final int MUTATIONS = Integer.getInteger("bundle.mutations", 40);
  private static final BundleLimits LIMITS = new BundleLimits(1 << 20, 64, 5000, 1000);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hdf5/v5_fixed.h5",
        "hdf5/v5_bounded.h5",
        "hdf5/v5_growing.h5",
        "hdf5/v5_tree.h5",
        "hdf5/v4_tree_plain.h5",
        "hdf5/v5_single.h5",
        "hdf5/fletcher32.h5",
        "hdf5/soft_links.h5",
        "hdf5/keyed_everything.h5",
        "hdf5/bitshuffle_lz4.h5",
        "split_chunks.h5",
        "lzf_colour.h5",
        "float_shuffled.h5",
        "keyed.h5"
      })
  void whatHdf5RefusesIsNeverReadAsOtherPixels(String name) throws Exception {
    assumeTrue(H5py.isThere(), "python3 with h5py is not installed");
    byte[] whole = Files.readAllBytes(TestBundles.fixture(name));
    Path sound = Files.createDirectory(folder.resolve("sound"));
    Files.write(sound.resolve("sound.h5"), whole);
    H5py.readAll(sound);
    assumeTrue(
        Files.exists(sound.resolve("sound.h5.pixels")),
        "this version of HDF5 does not read " + name);
    float[] original = TestBundles.read(TestBundles.fixture(name)).pixels();
    Random random = new Random(name.hashCode());
    Map<Path, float[]> read = new LinkedHashMap<>();
    for (int i = 0; i < MUTATIONS; i++) {
      Path file = folder.resolve("%05d.h5".formatted(i));
      Files.write(file, mutate(whole, random));
      pixels(file).filter(found -> !same(found, original)).ifPresent(f -> read.put(file, f));
      if (!read.containsKey(file)) {
        Files.delete(file);
      }
    }
    H5py.readAll(folder);
    List<String> wrong = new ArrayList<>();
    for (var entry : read.entrySet()) {
      Path expected = Path.of(entry.getKey() + ".pixels");
      if (!Files.exists(expected)) {
        wrong.add(entry.getKey().getFileName() + " is refused by HDF5");
      } else if (!same(entry.getValue(), scaled(Files.readAllBytes(expected)))) {
        wrong.add(entry.getKey().getFileName() + " is read differently by HDF5");
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static byte[] mutate(byte[] whole, Random random) {
    byte[] broken = whole.clone();
    for (int flips = 1 + random.nextInt(2); flips > 0; flips--) {
      broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
    }
    return broken;
  }

  private static Optional<float[]> pixels(Path file) {
    try {
      return Optional.of(TestBundles.read(file, LIMITS).pixels());
    } catch (BundleException e) {
      return Optional.empty();
    }
  }

  private static float[] scaled(byte[] units) {
    FloatBuffer buffer = ByteBuffer.wrap(units).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] values = new float[buffer.remaining()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * buffer.get(i) - 1;
    }
    return values;
  }

  private static boolean same(float[] one, float[] other) {
    if (one.length != other.length) {
      return false;
    }
    for (int i = 0; i < one.length; i++) {
      if (!(Math.abs(one[i] - other[i]) < 1e-5f)) {
        return false;
      }
    }
    return true;
  }
}
