package io.refinery.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.HdfFile;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.Bundles;
import io.refinery.image.ImageShape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class EyeSimulatorWriteTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(BundleFormat.class)
  void bundleHoldsTheRenderedImages(BundleFormat format) throws Exception {
    SimulatorOptions options = new SimulatorOptions(45, Look.CAMERA, 6);
    Path file = folder.resolve("eyes." + format.extension());
    List<Integer> progress = new ArrayList<>();

    EyeSimulator.write(file, format, options, progress::add);

    try (BundleReader reader = Bundles.open(file, BundleLimits.DEFAULT)) {
      BundleInfo info = reader.info();
      assertThat(info.format()).isEqualTo(format);
      assertThat(info.count()).isEqualTo(45);
      assertThat(info.shape()).isEqualTo(SimulatorOptions.EYE_CROP);
      assertThat(reader.read(45).orElseThrow().pixels())
          .isEqualTo(EyeSimulator.render(options).pixels());
    }
    assertThat(progress).containsExactly(45);
  }

  @Test
  void labelsAndOriginAreWritten() throws Exception {
    SimulatorOptions options = new SimulatorOptions(3, Look.CAMERA, 6);
    Path file = folder.resolve("eyes.h5");

    EyeSimulator.write(file, BundleFormat.HDF5, options, written -> {});

    EyeLabels last = EyeSimulator.labels(options).get(2);
    try (HdfFile hdf = new HdfFile(file)) {
      assertThat(((float[][]) hdf.getDatasetByPath("look_vec").getData())[2])
          .containsExactly((float) last.lookX(), (float) last.lookY(), (float) last.lookZ());
      assertThat(((float[][]) hdf.getDatasetByPath("iris_center").getData())[2])
          .containsExactly((float) last.irisX(), (float) last.irisY());
      assertThat(((float[][]) hdf.getDatasetByPath("pupil_center").getData())[2])
          .containsExactly((float) last.pupilX(), (float) last.pupilY());
      assertThat((String[]) hdf.getDatasetByPath("path").getData())
          .containsExactly("000000.png", "000001.png", "000002.png");
      assertThat(hdf.getAttribute("refinery.simulator.look").getData())
          .isEqualTo("camera (simulated, no photographs)");
      assertThat(hdf.getAttribute("refinery.simulator.seed").getData()).isEqualTo("6");
      assertThat(hdf.getAttribute("refinery.simulator.version").getData())
          .isEqualTo(EyeSimulator.VERSION);
    }
  }

  @Test
  void zipHasNamedImagesAndATableOfLabels() throws Exception {
    SimulatorOptions options = new SimulatorOptions(3, Look.SYNTHETIC, 6);
    Path file = folder.resolve("eyes.zip");

    EyeSimulator.write(file, BundleFormat.ZIP, options, written -> {});

    EyeLabels last = EyeSimulator.labels(options).get(2);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.stream().map(ZipEntry::getName))
          .contains("000000.png", "000001.png", "000002.png");
      assertThat(zip.getComment()).contains("\"refinery.simulator.look\":\"synthetic\"");
      byte[] table = zip.getInputStream(zip.getEntry("labels.csv")).readAllBytes();
      assertThat(new String(table, StandardCharsets.UTF_8).lines().toList().get(3))
          .startsWith("000002.png," + (float) last.lookX() + "," + (float) last.lookY() + ",");
    }
  }

  @Test
  void sameOptionsWriteTheSameFile() throws Exception {
    SimulatorOptions options = new SimulatorOptions(8, Look.SYNTHETIC, 6);
    Path one = folder.resolve("one.h5");
    Path two = folder.resolve("two.h5");

    EyeSimulator.write(one, BundleFormat.HDF5, options, written -> {});
    EyeSimulator.write(two, BundleFormat.HDF5, options, written -> {});

    assertThat(Files.mismatch(one, two)).isEqualTo(-1);
  }

  @Test
  void aFailureMidwayLeavesNoFile() {
    SimulatorOptions options =
        new SimulatorOptions(1500, new ImageShape(1, 4, 6), Look.SYNTHETIC, 6);
    Path file = folder.resolve("eyes.h5");

    assertThatThrownBy(
            () ->
                EyeSimulator.write(
                    file,
                    BundleFormat.HDF5,
                    options,
                    written -> {
                      throw new IllegalStateException("stop at " + written);
                    }))
        .hasMessage("stop at 1024");
    assertThat(folder).isEmptyDirectory();
  }
}
