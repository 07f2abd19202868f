package io.refinery.bundle.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.NumberType;
import io.refinery.bundle.Omission;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests on files of NumPy and MATLAB (make_arrays.py in their folder). */
class ArrayFileTest {

  @TempDir Path folder;

  private static Path fixture(String name) throws URISyntaxException {
    return Path.of(ArrayFileTest.class.getResource("/arrays/" + name).toURI());
  }

  private static NamedArray array(String file, String name) throws Exception {
    return ArrayFile.read(fixture(file)).arrays().stream()
        .filter(array -> array.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "types.npz,images",
    "types.npz,turned",
    "alone.npy,alone",
    "mpiigaze.mat,data/left/image",
    "mpiigaze_73.mat,data/left/image"
  })
  void pixelsOfEveryFileAreInOneOrder(String file, String name) throws Exception {
    NamedArray images = array(file, name);

    assertThat(images.dims()).containsExactly(4, 3, 2);
    assertThat(images.type()).contains(NumberType.UINT8);
    int at = 0;
    for (int i = 0; i < 4; i++) {
      for (int y = 0; y < 3; y++) {
        for (int x = 0; x < 2; x++) {
          assertThat(images.bytes()[at++] & 0xFF).isEqualTo((100 * i + 10 * y + x) % 256);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "types.npz,gaze,FLOAT32",
    "types.npz,big,FLOAT64",
    "mpiigaze.mat,data/left/gaze,FLOAT64",
    "mpiigaze.mat,data/left/pose,FLOAT32",
    "mpiigaze_73.mat,data/left/gaze,FLOAT64"
  })
  void realNumbersAreExact(String file, String name, NumberType type) throws Exception {
    NamedArray gaze = array(file, name);

    assertThat(gaze.dims()).containsExactly(4, 3);
    assertThat(gaze.type()).contains(type);
    ByteBuffer values = ByteBuffer.wrap(gaze.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 12; i++) {
      double value = type == NumberType.FLOAT32 ? values.getFloat() : values.getDouble();
      assertThat(value).isEqualTo(Math.floorDiv(i, 3) + (i % 3) * 0.25);
    }
  }

  @Test
  void wholeNumbersAreExact() throws Exception {
    assertThat(array("types.npz", "bytes").bytes()).containsExactly(-1, 0, 1, 127);
    assertThat(array("types.npz", "flags").bytes()).containsExactly(1, 0, 1, 0);
    ByteBuffer longs =
        ByteBuffer.wrap(array("types.npz", "longs").bytes()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(longs.getLong()).isEqualTo((1L << 62) + 1);
    assertThat(longs.getLong()).isEqualTo(-1);
    assertThat(array("types.npz", "shorts").type()).contains(NumberType.UINT16);
  }

  @Test
  void textIsRead() throws Exception {
    assertThat(array("types.npz", "words").texts()).containsExactly("a", "", "äöü", "日本");
    assertThat(array("types.npz", "ascii").texts()).containsExactly("left", "r", "", "up");
    assertThat(array("mpiigaze.mat", "filenames").texts())
        .containsExactly("0001.jpg", "0002.jpg", "0003.jpg", "0004.jpg");
    assertThat(array("mpiigaze.mat", "title").texts()).containsExactly("eyes");
    assertThat(array("mpiigaze_73.mat", "title").texts()).containsExactly("eyes");
  }

  @Test
  void aVectorOfMatlabHasOneDimension() throws Exception {
    assertThat(array("mpiigaze.mat", "data/left/row").dims()).containsExactly(4);
    assertThat(array("mpiigaze.mat", "filenames").dims()).containsExactly(4);
  }

  @Test
  void whatIsNoArrayOfNumbersOrTextIsNamed() throws Exception {
    assertThat(ArrayFile.read(fixture("types.npz")).leftOut())
        .extracting(Omission::what)
        .containsExactly("objects", "complex");
    assertThat(ArrayFile.read(fixture("mpiigaze_73.mat")).leftOut())
        .containsExactly(
            new Omission(
                "filenames", "it is a cell, not an array of numbers or text; save it with -v7"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"types.npz", "alone.npy", "mpiigaze.mat", "mpiigaze_73.mat"})
  void aTruncatedFileIsUnreadable(String name) throws Exception {
    byte[] whole = Files.readAllBytes(fixture(name));
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    Path file = Files.write(folder.resolve(name), half);

    assertThatThrownBy(() -> ArrayFile.read(file))
        .isInstanceOfSatisfying(
            BundleException.class, e -> assertThat(e.fault()).isEqualTo(BundleFault.UNREADABLE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"types.npz", "mpiigaze.mat"})
  void aFlippedBitIsRefusedOrChangesNoElement(String name) throws Exception {
    byte[] whole = Files.readAllBytes(fixture(name));
    Set<String> right = elements(fixture(name));
    Path file = folder.resolve(name);
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= (byte) (1 << i % 8);
      Files.write(file, flipped);
      try {
        assertThat(right).as("byte %d", i).containsAll(elements(file));
      } catch (BundleException e) {
        assertThat(e.fault()).as("byte %d", i).isEqualTo(BundleFault.UNREADABLE);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x7FFF_FFF8, 1 << 28, 4096})
  void sizesThatAFileOfMatlabCannotHoldAreRefusedBeforeTheyAreAllocated(int declared)
      throws Exception {
    // An array of 1 x 1 whose number, or dimensions, declare more bytes than there are.
    for (int changed : new int[] {128 + 4, 128 + 28, 128 + 32, 128 + 52}) {
      Path file = Files.write(folder.resolve("x.mat"), matlab(changed, declared));

      assertThatThrownBy(() -> ArrayFile.read(file))
          .isInstanceOfSatisfying(
              BundleException.class, e -> assertThat(e.fault()).isEqualTo(BundleFault.UNREADABLE));
    }
    assertThat(ArrayFile.read(Files.write(folder.resolve("x.mat"), matlab(128, 14))).arrays())
        .hasSize(1);
  }

  /** Returns a file with one number that is not compressed, in which one integer is changed. */
  private static byte[] matlab(int at, int value) {
    ByteBuffer file = ByteBuffer.allocate(128 + 64).order(ByteOrder.LITTLE_ENDIAN);
    file.put("MATLAB 5.0 MAT-file".getBytes(StandardCharsets.US_ASCII));
    file.putShort(124, (short) 0x0100).put(126, (byte) 'I').put(127, (byte) 'M').position(128);
    file.putInt(14).putInt(56);
    file.putInt(6).putInt(8).putInt(6).putInt(0);
    file.putInt(5).putInt(8).putInt(1).putInt(1);
    file.putShort((short) 1).putShort((short) 1).putInt('x');
    file.putInt(9).putInt(8).putDouble(0.5);
    return file.putInt(at, value).array();
  }

  /** Without names, which no checksum covers. */
  private static Set<String> elements(Path file) throws BundleException {
    return ArrayFile.read(file).arrays().stream()
        .map(array -> HexFormat.of().formatHex(array.bytes()) + array.texts())
        .collect(Collectors.toSet());
  }

  @Test
  void dimensionsAreTurned() {
    NamedArray array =
        NamedArray.numbers("x", NumberType.UINT8, new int[] {2, 3}, new byte[] {1, 2, 3, 4, 5, 6});

    NamedArray turned = array.permuted(1, 0);

    assertThat(turned.dims()).containsExactly(3, 2);
    assertThat(turned.bytes()).containsExactly(1, 4, 2, 5, 3, 6);
  }
}
