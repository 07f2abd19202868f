package io.refinery.bundle.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.Omission;
import io.refinery.bundle.array.ArrayFile;
import io.refinery.bundle.array.NamedArray;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArrayBundleTest {

  private static ArrayFile file(String name) throws BundleException, URISyntaxException {
    return ArrayFile.read(Path.of(ArrayBundleTest.class.getResource("/arrays/" + name).toURI()));
  }

  @Test
  void arraysWithARowPerImageAreLabelsAndTheRestIsNamed() throws Exception {
    ArrayBundle bundle = ArrayBundle.of(file("types.npz"), Optional.of("images"), Optional.empty());

    assertThat(bundle.labels())
        .extracting(NamedArray::name)
        .contains("gaze", "words", "flags", "turned")
        .doesNotContain("camera", "scalar", "images");
    assertThat(bundle.leftOut())
        .contains(
            new Omission("camera", "float64 of 3 x 3 does not have a row for each of 4 images"),
            new Omission("scalar", "float64 does not have a row for each of 4 images"))
        .extracting(Omission::what)
        .contains("objects", "complex");
  }

  @Test
  void theOnlyArrayOfBytesHoldsTheImages() throws Exception {
    ArrayBundle bundle = ArrayBundle.of(file("mpiigaze.mat"), Optional.empty(), Optional.empty());

    assertThat(bundle.images().name()).isEqualTo("data/left/image");
    assertThat(bundle.labels())
        .extracting(NamedArray::name)
        .containsExactly("data/left/gaze", "data/left/pose", "data/left/row", "filenames");
  }

  @Test
  void axesAreTurned() throws Exception {
    ArrayBundle colour = ArrayBundle.of(file("colour.npz"), Optional.empty(), Optional.of("NCHW"));
    ArrayBundle last = ArrayBundle.of(file("last.npz"), Optional.empty(), Optional.of("HWN"));

    assertThat(colour.images().dims()).containsExactly(4, 3, 2, 3);
    assertThat(colour.images().bytes()).startsWith(0, 1, 2, 1, 2, 3, 10);
    assertThat(last.images().dims()).containsExactly(4, 3, 2);
    assertThat(last.images().bytes()).startsWith(0, 1, 10, 11, 20, 21, 100);
  }

  @Test
  void whatIsNotCertainIsRefusedWithWhatToDo() throws Exception {
    assertRefused(
        "two.npz", BundleFault.AMBIGUOUS, "Name one with --images, such as --images train");
    assertRefused(
        "last.npz", BundleFault.AMBIGUOUS, "name the axes with --axes, such as --axes HWN");
    assertRefused("colour.npz", BundleFault.UNSUPPORTED, "such as --axes NCHW");
  }

  private static void assertRefused(String name, BundleFault fault, String message)
      throws Exception {
    ArrayFile file = file(name);
    assertThatThrownBy(() -> ArrayBundle.of(file, Optional.empty(), Optional.empty()))
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(BundleException.class, e -> assertThat(e.fault()).isEqualTo(fault));
  }
}
