package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares {@link ImageCodec} with Pillow. Run with {@code -Dbundle.mutations=5000} for more broken
 * files than the default.
 */
class PillowTest {

  private static final int MUTATIONS = Integer.getInteger("bundle.mutations", 150);
  private static final BundleLimits LIMITS = new BundleLimits(1 << 20, 4096, 1000, 1000);
  private static final ImageCodec.Channels ANY = new ImageCodec.Channels(false, false);

  @TempDir Path folder;

  @BeforeEach
  void requirePillow() throws Exception {
    assumeTrue(Pillow.isThere(), "python3 with Pillow is not installed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gray.png", "rgb.png", "palette.png", "chunks.png", "gray.jpg", "rgb.jpg",
        "progressive.jpg", "exif.jpg", "gray.gif", "palette.gif", "rgb.bmp", "palette.bmp",
        "rgb.tif", "deflate.tif", "packbits.tif"
      })
  void whatPillowRefusesIsRefused(String name) throws Exception {
    byte[] whole = Files.readAllBytes(TestImages.fixture(name));
    Random random = new Random(name.hashCode());
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] broken = random.nextInt(3) == 0 ? truncate(whole, random) : flip(whole, random);
      Files.write(folder.resolve("%06d".formatted(i)), broken);
    }
    assertNoneIsRefusedByPillowAlone(whole);
  }

  /** Nothing in these formats tells all changed bits. */
  @ParameterizedTest
  @ValueSource(strings = {"lzw.tif", "jpeg.tif", "rgb.webp", "lossy.webp", "exif.webp"})
  void truncatedFilesAreRefusedAsPillowRefusesThem(String name) throws Exception {
    byte[] whole = Files.readAllBytes(TestImages.fixture(name));
    for (int length = 1; length < whole.length; length += 1 + whole.length / MUTATIONS) {
      Files.write(folder.resolve("%06d".formatted(length)), Arrays.copyOf(whole, length));
    }
    assertNoneIsRefusedByPillowAlone(whole);
  }

  private void assertNoneIsRefusedByPillowAlone(byte[] whole) throws Exception {
    Map<String, String> wrong = new LinkedHashMap<>();
    int accepted = 0;
    for (Map.Entry<String, Optional<byte[]>> image : Pillow.open(folder).entrySet()) {
      boolean read = decode(folder.resolve(image.getKey()), false).isPresent();
      accepted += read ? 1 : 0;
      if (read && image.getValue().isEmpty()) {
        wrong.put(image.getKey(), difference(whole, folder.resolve(image.getKey())));
      }
    }
    assertThat(wrong).as("%d accepted", accepted).isEmpty();
  }

  private static String difference(byte[] whole, Path file) throws Exception {
    byte[] broken = Files.readAllBytes(file);
    return broken.length < whole.length
        ? "truncated to " + broken.length
        : "byte " + Arrays.mismatch(whole, broken);
  }

  private static byte[] truncate(byte[] whole, Random random) {
    return Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1));
  }

  private static byte[] flip(byte[] whole, Random random) {
    byte[] broken = whole.clone();
    for (int flips = 1 + random.nextInt(2); flips > 0; flips--) {
      broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return broken;
  }

  @Test
  void soundImagesHaveThePixelsThatPillowSees() throws Exception {
    for (boolean upright : new boolean[] {false, true}) {
      Path images = TestImages.fixture("gray.png").getParent();
      Map<String, Optional<byte[]>> seen =
          upright ? Pillow.open(images, "upright") : Pillow.open(images);
      int compared = 0;
      for (Map.Entry<String, Optional<byte[]>> image : seen.entrySet()) {
        Optional<byte[]> ours = decode(images.resolve(image.getKey()), upright);
        // Pillow always turns TIFF files upright.
        if (ours.isPresent() && (upright || !image.getKey().endsWith(".tif"))) {
          compared++;
          boolean lossy = image.getKey().matches(".*\\.jpg|jpeg.tif|lossy.*");
          assertThat(ours.get()).as(image.getKey()).hasSameSizeAs(image.getValue().orElseThrow());
          assertThat(meanDifference(ours.get(), image.getValue().orElseThrow()))
              .as(image.getKey())
              .isLessThanOrEqualTo(lossy ? 5 : 0);
        }
      }
      assertThat(compared).isGreaterThan(20);
    }
  }

  private static double meanDifference(byte[] one, byte[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += Math.abs((one[i] & 0xFF) - (other[i] & 0xFF));
    }
    return sum / one.length;
  }

  /** Returns RGB pixels; empty when the image is refused. */
  private static Optional<byte[]> decode(Path file, boolean upright) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    try (ImageCodec codec = new ImageCodec()) {
      ImageCodec.Decoded image =
          ParserErrors.guard(
              "Image 'it'", () -> codec.decode(bytes, "Image 'it'", LIMITS, ANY, upright));
      if (image.shape().channels() == 3) {
        return Optional.of(image.bytes());
      }
      byte[] rgb = new byte[3 * image.bytes().length];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = image.bytes()[i / 3];
      }
      return Optional.of(rgb);
    } catch (BundleException e) {
      return Optional.empty();
    }
  }
}
