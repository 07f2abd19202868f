package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.refinery.image.ImageBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests on files of hdf5/make_hdf5.py, which says what is right for each. */
class HdfReadingTest {

  @TempDir Path folder;

  private static Path file(String name) {
    return TestBundles.fixture("hdf5/" + name + ".h5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v5_single",
        "v5_single_plain",
        "v5_fixed",
        "v5_bounded",
        "v5_growing",
        "v5_growing_width",
        "v5_tree",
        "v5_tree_plain",
        "v5_implicit",
        "v4_single",
        "v4_single_plain",
        "v4_fixed",
        "v4_bounded",
        "v4_growing",
        "v4_growing_width",
        "v4_tree",
        "v4_tree_plain",
        "v4_implicit",
        "fletcher32",
        "zstd",
        "lz4",
        "bitshuffle",
        "bitshuffle_lz4",
        "bitshuffle_zstd",
        "blosc_blosclz",
        "blosc_lz4",
        "blosc_zlib",
        "blosc_zstd",
        "soft_links",
        "keyed_links",
        "moved",
        "narrow",
        "everything",
        "keyed_everything",
        "keyed_uneven",
        "keyed_unordered",
        "label_scale_offset"
      })
  void imagesAreReadAsHdf5ReadsThem(String name) throws Exception {
    ImageBatch images = TestBundles.read(file(name));
    assertThat(images.count()).isIn(12, 40);
    int at = 0;
    for (int i = 0; i < images.count(); i++) {
      int image =
          name.equals("keyed_unordered") ? new int[] {0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9}[i] : i;
      for (int y = 0; y < 6; y++) {
        for (int x = 0; x < 5; x++) {
          float level = (37 * image + 11 * y + 5 * x) % 256;
          assertThat(images.pixels()[at++]).isCloseTo(level / 127.5f - 1f, within(1e-6f));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "blosc2|UNSUPPORTED|Dataset 'images' cannot be read: it uses filter 32026 (Blosc2), which is not supported; convert it with h5repack -f GZIP=4",
        "scale_offset|UNSUPPORTED|Dataset 'images' cannot be read: it uses filter 6 (scale-offset), which is not supported; convert it with h5repack -f GZIP=4",
        "external|UNSUPPORTED|Dataset 'images' cannot be read: its data are in another file (pixels.bin); store them in the bundle itself, such as with h5py: new[name] = old[name][()]",
        "external_label|UNSUPPORTED|Label 'gaze' cannot be read: its data are in another file (gaze.bin); store them in the bundle itself, such as with h5py: new[name] = old[name][()]",
        "virtual|UNSUPPORTED|Dataset 'images' cannot be read: it is virtual: its data are in other datasets or files; store them in the bundle itself, such as with h5py: new[name] = old[name][()]",
        "loop|UNREADABLE|The HDF5 file's 'images' is a soft link that leads back to itself",
        "dangling|UNREADABLE|The HDF5 file's 'images' is a soft link to '/eyes', which does not exist",
        "keyed_outside|UNSUPPORTED|Image 'image/b' is a link to '/b' in another file (other.h5), which is not read; copy the data into the bundle",
        "pixels_uint16|UNSUPPORTED|Dataset 'images' has pixels of type uint16; convert them to uint8 (0 to 255) or float32 (0 to 1)",
        "pixels_float64|UNSUPPORTED|Dataset 'images' has pixels of type float64; convert them to uint8 (0 to 255) or float32 (0 to 1)",
        "pixels_float16|UNSUPPORTED|Dataset 'images' has pixels of type float16; convert them to uint8 (0 to 255) or float32 (0 to 1)",
        "pixels_bool|UNSUPPORTED|Dataset 'images' has pixels of type bool; convert them to uint8 (0 to 255) or float32 (0 to 1)",
        "channels_first|UNSUPPORTED|Dataset 'images' has 3 x 6 x 5 per image; this must be height x width, with an optional last dimension of 1 or 3 channels: permute the dimensions",
        "flat|UNSUPPORTED|Dataset 'images' has 2 dimensions; images must be count x height x width",
        "matlab|AMBIGUOUS|Dataset 'images' was written by MATLAB, which stores dimensions in reverse; write it with h5py as count x height x width, or as PNG files with refinery bundle pack",
        "reversed|AMBIGUOUS|Dataset 'images' is 5 x 6 x 12 and 'gaze' has 12 rows, so the images may be along the last dimension; write them as count x height x width (MATLAB stores dimensions in reverse: permute them before writing), or as PNG files with refinery bundle pack",
        "both|AMBIGUOUS|The HDF5 file has both 'images' and 'image' at its root; rename the one that does not hold the images to refine",
        "keyed_mismatch|AMBIGUOUS|Label 'gaze' does not have the keys of the images: it lacks 2 ('00', '01') and it has 2 that no image has ('12', '13')",
        "being_written|UNREADABLE|The HDF5 file is corrupt or truncated: it is open for writing, or its writer failed; if it is complete, run h5clear -s on it",
        "truncated|UNREADABLE|The HDF5 file is corrupt or truncated: it has 2407 bytes and should have 2408",
        "wrong_fletcher32|UNREADABLE|The HDF5 file is corrupt or truncated: the checksum of a chunk differs",
        "family_0|UNSUPPORTED|The HDF5 file cannot be read: it is one of several files that make up one (driver NCSAfami); join them with h5repack",
        "split-m|UNSUPPORTED|The HDF5 file cannot be read: it is one of several files that make up one (driver NCSAmult); join them with h5repack"
      })
  void theRefusalSaysWhetherTheFileIsBroken(String name, BundleFault fault, String message) {
    BundleException refusal =
        catchThrowableOfType(BundleException.class, () -> TestBundles.read(file(name)));
    assertThat(refusal).hasMessage(message);
    assertThat(refusal.fault()).isEqualTo(fault);
  }

  @Test
  void copiesHoldEverythingThatHdf5ReadsFromTheirSources() throws Exception {
    assumeTrue(H5py.isThere(), "python3 with h5py is not installed");
    List<String> pairs = new ArrayList<>();
    for (String name :
        List.of(
            "v5_single",
            "v5_fixed",
            "v5_bounded",
            "v5_growing",
            "v5_growing_width",
            "v5_tree",
            "v5_implicit",
            "v4_bounded",
            "v4_growing",
            "v4_tree_plain",
            "fletcher32",
            "soft_links",
            "keyed_links",
            "moved",
            "narrow",
            "everything",
            "keyed_everything",
            "keyed_uneven",
            "keyed_unordered",
            "label_scale_offset",
            "../references")) {
      Path source = file(name);
      Path copy = folder.resolve(source.getFileName());
      TestBundles.rewrite(source, copy, BundleFormat.HDF5);
      pairs.addAll(List.of(source.toString(), copy.toString()));
    }
    assertThat(H5py.compareAll(pairs)).isEmpty();
  }

  @Test
  void textIsReadFromFilesWithShortAddresses() throws Exception {
    try (HdfBundle bundle = HdfBundle.open(file("narrow"), BundleLimits.DEFAULT)) {
      bundle.verifyLabels();
      assertThat(bundle.columns().get(0).readVariable(11, 1)[0]).asString().isEqualTo("eye/11.png");
    }
  }

  @Test
  void labelsWithUnknownFiltersAreKeptButNotRead() throws Exception {
    try (HdfBundle bundle = HdfBundle.open(file("label_scale_offset"), BundleLimits.DEFAULT)) {
      assertThat(bundle.info().labels()).containsExactly("id");
      bundle.verifyLabels();
      BundleException refusal =
          catchThrowableOfType(
              BundleException.class, () -> bundle.columns().get(0).read(0, 1, new byte[8]));
      assertThat(refusal.fault()).isEqualTo(BundleFault.UNSUPPORTED);
    }
  }

  @Test
  void chunksThatSpanAllImagesAreDecodedOnce() throws Exception {
    Path copy = Files.copy(file("chunks_of_pixels"), folder.resolve("chunks.h5"));
    try (HdfStorage storage = HdfStorage.open(copy)) {
      HdfDataset dataset = dataset(storage, "images");
      List<byte[]> blocks = new ArrayList<>();
      for (int from = 0; from < 2000; from += 100) {
        byte[] block = new byte[100 * 30];
        dataset.read(from, 100, block);
        blocks.add(block);
      }
      assertThat(dataset.decodedChunks()).isEqualTo(30);
      for (int i = 0; i < 2000; i++) {
        int level = blocks.get(i / 100)[i % 100 * 30 + 17] & 0xFF;
        assertThat(level).isEqualTo((37 * i + 11 * 3 + 5 * 2) % 256);
      }
    }
  }

  @Test
  void bandsTooLargeForMemoryAreSpooledAndTheFileIsDeleted() throws Exception {
    Path copy = Files.copy(file("chunks_of_pixels"), folder.resolve("chunks.h5"));
    try (HdfStorage storage = HdfStorage.open(copy)) {
      HdfDataset dataset = dataset(storage, "images");
      dataset.keepAtMost(1000);
      byte[] all = new byte[2000 * 30];
      for (int from = 0; from < 2000; from += 100) {
        byte[] block = new byte[100 * 30];
        dataset.read(from, 100, block);
        System.arraycopy(block, 0, all, from * 30, block.length);
      }
      assertThat(dataset.decodedChunks()).isEqualTo(30);
      byte[] whole = new byte[2000 * 30];
      dataset.read(0, 2000, whole);
      assertThat(all).isEqualTo(whole);
    }
    assertThat(files()).containsExactly(copy);
  }

  private static HdfDataset dataset(HdfStorage storage, String name) {
    HdfPaths paths = new HdfPaths(storage);
    HdfLink link = HdfGroup.list(storage, HdfGroup.root(storage)).get(name);
    return new HdfDataset(
        storage, HdfObject.read(storage, paths.follow(link, paths.root()).address()));
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
