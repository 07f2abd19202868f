package io.refinery.trainer.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Provenance;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.testkit.JavaProgram;
import io.refinery.trainer.plan.Preset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeDomainTest {

  private static final int IMAGES = 1_000_000;
  private static final String HEAP = "32m";

  @TempDir Path folder;

  @Test
  void aMillionImagesNeedOnlyTheHeapOfTheWindow() throws Exception {
    Path bundle = folder.resolve("million.h5");
    ImageBatch images = new ImageBatch(1000, new ImageShape(1, 4, 4), new float[16_000]);
    try (BundleWriter writer =
        Bundles.create(
            bundle,
            BundleFormat.HDF5,
            images.shape(),
            IMAGES,
            PixelType.UINT8,
            List.of(),
            new Provenance(Map.of()))) {
      for (int done = 0; done < IMAGES; done += images.count()) {
        writer.write(images);
      }
      writer.finish();
    }
    assertThat(feedElsewhere(bundle)).isEqualTo("FeedPosition[epoch=1, taken=1072]");
  }

  private static String feedElsewhere(Path bundle) throws IOException, InterruptedException {
    Process process = JavaProgram.of(Feeding.class, HEAP, bundle.toString()).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().reduce((first, last) -> last).orElseThrow();
  }

  /** The other JVM's program: reads all images once and some twice. */
  static final class Feeding {

    private Feeding() {}

    public static void main(String[] arguments) throws Exception {
      Path bundle = Path.of(arguments[0]);
      Domain domain =
          new Domain(
              DataSource.of(bundle),
              new BundleFiles(Optional.empty(), bundle.resolveSibling("cache")));
      try (PrefetchedFeed feed = domain.feed(Preset.EYES_SIMULATED.plan(), 1, FeedPosition.START)) {
        for (int taken = 0; taken < IMAGES + 1000; taken += 1000) {
          feed.next(1000);
        }
        feed.next(8);
        System.out.println(position(feed));
      }
    }

    /** The block's start plus the images used from it, as a position within its epoch. */
    private static FeedPosition position(PrefetchedFeed feed) {
      int trained = IMAGES - feed.heldOut().images().count();
      FeedPosition position = feed.position();
      return position.taken() >= trained
          ? new FeedPosition(position.epoch() + 1, position.taken() - trained)
          : position;
    }
  }
}
