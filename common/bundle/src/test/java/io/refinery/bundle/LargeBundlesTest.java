package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs in a JVM whose heap is smaller than the bundle. */
class LargeBundlesTest {

  private static final String HEAP = "-Xmx32m";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1_000, 1_000_000})
  void aMillionImagesNeedNoMoreHeapThanAThousand(int count) throws Exception {
    ImageShape shape = new ImageShape(1, 4, 4);
    float[] looks = new float[3 * count];
    for (int i = 0; i < looks.length; i++) {
      looks[i] = i;
    }
    List<String> names = IntStream.range(0, count).mapToObj(i -> "eye/" + i + ".png").toList();
    List<Label> labels = List.of(Label.floats("look_vec", 3, looks), Label.strings("path", names));
    Path source = folder.resolve("source.h5");
    try (BundleWriter writer =
        Bundles.create(
            source,
            BundleFormat.HDF5,
            shape,
            count,
            PixelType.UINT8,
            labels,
            TestBundles.PROVENANCE)) {
      ImageBatch images = TestBundles.noise(shape, 1000);
      for (int done = 0; done < count; done += images.count()) {
        writer.write(images);
      }
      writer.finish();
    }
    Path target = folder.resolve("target.h5");
    assertThat(rewriteElsewhere(source, target)).isEqualTo(count + " images");
    assertThat(Files.size(target)).isLessThan(Files.size(source) + 4096);
    try (BundleReader before = Bundles.open(source, BundleLimits.DEFAULT);
        BundleReader after = Bundles.open(target, BundleLimits.DEFAULT)) {
      for (var batch = before.readLevels(1000);
          batch.isPresent();
          batch = before.readLevels(1000)) {
        assertThat(after.readLevels(1000).orElseThrow().levels())
            .containsExactly(batch.get().levels());
      }
    }
  }

  private static String rewriteElsewhere(Path source, Path target)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                Rewriting.class.getName(),
                source.toString(),
                target.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().reduce((first, last) -> last).orElseThrow();
  }

  /** The program that the other JVM runs. */
  static final class Rewriting {

    private Rewriting() {}

    public static void main(String[] arguments) throws Exception {
      Path target = Path.of(arguments[1]);
      TestBundles.rewrite(Path.of(arguments[0]), target, BundleLimits.DEFAULT);
      System.out.println("\n" + TestBundles.info(target).count() + " images");
    }
  }
}
