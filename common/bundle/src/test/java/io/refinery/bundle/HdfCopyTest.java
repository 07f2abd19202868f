package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests on files with everything that HDF5 can hold (make_rich.py among the resources). */
class HdfCopyTest {

  @TempDir Path folder;

  @Test
  void everythingInAFileIsKeptBitForBit() throws Exception {
    assumeTrue(H5py.isThere(), "python3 with h5py is not installed");
    Path sources = Files.createDirectory(folder.resolve("sources"));
    assertThat(H5py.run(TestBundles.fixture("make_rich.py").toString(), sources.toString()))
        .isEmpty();
    Path refined = Files.createDirectory(folder.resolve("refined"));
    Path again = Files.createDirectory(folder.resolve("again"));
    List<String> pairs = new ArrayList<>();
    for (Path source : files(sources)) {
      Path once = refined.resolve(source.getFileName());
      TestBundles.rewrite(source, once, BundleFormat.HDF5);
      pairs.addAll(List.of(source.toString(), once.toString()));
      if (source.getFileName().toString().startsWith("earliest")) {
        Path twice = again.resolve(source.getFileName());
        TestBundles.rewrite(once, twice, BundleFormat.HDF5);
        pairs.addAll(List.of(once.toString(), twice.toString()));
      }
    }
    assertThat(pairs).hasSizeGreaterThan(2 * 84);
    assertThat(H5py.compareAll(pairs)).isEmpty();
  }

  @Test
  void everythingInFilesOfRandomStructureIsKeptBitForBit() throws Exception {
    assumeTrue(H5py.isThere(), "python3 with h5py is not installed");
    String seed = System.getProperty("bundle.seed", "1");
    String count = System.getProperty("bundle.random", "40");
    Path sources = Files.createDirectory(folder.resolve("sources"));
    Path script = TestBundles.fixture("make_random.py");
    assertThat(H5py.run(script.toString(), sources.toString(), seed, count)).isEmpty();
    Path refined = Files.createDirectory(folder.resolve("refined"));
    List<String> pairs = new ArrayList<>();
    for (Path source : files(sources)) {
      Path once = refined.resolve(source.getFileName());
      TestBundles.rewrite(source, once, BundleFormat.HDF5);
      pairs.addAll(List.of(source.toString(), once.toString()));
    }
    assertThat(pairs).hasSize(2 * Integer.parseInt(count));
    assertThat(H5py.compareAll(pairs)).as("seed " + seed).isEmpty();
  }

  @Test
  void aFileWhoseAttributesCannotBeExtendedIsRefusedBeforeAnyImageIsWritten() throws Exception {
    assumeTrue(H5py.isThere(), "python3 with h5py is not installed");
    Path source = folder.resolve("large.h5");
    String script =
        """
        import sys, h5py, numpy as np
        with h5py.File(sys.argv[1], "w", libver="v110") as f:
            f["images"] = np.zeros((2, 4, 4), "u1")
            for i in range(9):
                f.attrs["note%d" % i] = i
            f.attrs["large"] = np.zeros(100000, "u1")
        """;
    assertThat(H5py.run("-c", script, source.toString())).isEmpty();

    assertThatThrownBy(
            () ->
                Bundles.rewrite(
                    folder.resolve("new.h5"),
                    BundleFormat.HDF5,
                    source,
                    BundleLimits.DEFAULT,
                    TestBundles.PROVENANCE))
        .hasMessageContaining("an attribute of more than 64 KiB")
        .isInstanceOfSatisfying(
            BundleException.class, e -> assertThat(e.fault()).isEqualTo(BundleFault.UNSUPPORTED));
    assertThat(files(folder)).containsExactly(source);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
