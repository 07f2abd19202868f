package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.image.ImageShape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests on {@code hdf5/gaze.h5} in the folder that {@code -Drefinery.data} names. */
class SharedDataTest {

  @TempDir Path folder;

  @Test
  void theLayoutOfSharedSimGanDataIsReadAndRewritten() throws Exception {
    String data = System.getProperty("refinery.data", "");
    assumeTrue(!data.isEmpty(), "-Drefinery.data does not name a folder with hdf5/gaze.h5");
    Path source = Path.of(data, "hdf5", "gaze.h5");
    Path target = TestBundles.rewrite(source, folder.resolve("new.h5"), BundleFormat.HDF5);
    BundleInfo info =
        new BundleInfo(
            BundleFormat.HDF5,
            new ImageShape(1, 35, 55),
            600,
            PixelType.UINT8,
            List.of("look_vec", "path"));
    assertThat(TestBundles.info(source)).isEqualTo(info);
    assertThat(TestBundles.info(target)).isEqualTo(info);
    float[] before = TestBundles.read(source).pixels();
    assertThat(Arrays.mismatch(TestBundles.read(target).pixels(), before)).isEqualTo(-1);
    assumeTrue(H5py.isThere(), "python3 with h5py is not installed");
    assertThat(H5py.compare(source, target)).isEmpty();
  }
}
