package io.refinery.trainer.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo;
import io.refinery.bundle.BundleReader;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.trainer.plan.TrainingPlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PrefetchedFeedTest {

  private static final ImageShape PIXEL = new ImageShape(1, 1, 1);
  private static final TrainingPlan.Feed PLAN = new TrainingPlan.Feed(40, 4);

  @Test
  void returnsTheSameImagesAsTheFeed() throws Exception {
    try (ImageFeed plain = feed(200);
        PrefetchedFeed ahead = new PrefetchedFeed("test", feed(200), 7)) {
      for (int count : List.of(1, 7, 6, 20, 3, 100, 250)) {
        assertThat(ahead.next(count).pixels()).isEqualTo(plain.next(count).pixels());
      }
    }
  }

  @Test
  void itsPositionIsThatOfTheNextImageDespiteDecodingAhead() throws Exception {
    try (PrefetchedFeed whole = new PrefetchedFeed("test", feed(200), 7)) {
      for (int count : List.of(0, 5, 7, 3, 180, 30)) {
        whole.next(count);
        ImageFeed resumed = feed(200);
        resumed.seek(whole.position());
        try (PrefetchedFeed other = new PrefetchedFeed("test", resumed, 7)) {
          assertThat(other.next(50).pixels()).isEqualTo(whole.next(50).pixels());
        }
      }
    }
  }

  @Test
  void aDamagedBundleIsReportedToTheReader() throws Exception {
    try (PrefetchedFeed feed = new PrefetchedFeed("test", feed(200, 100, () -> {}), 7)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  feed.next(7);
                }
              })
          .isInstanceOf(BundleException.class)
          .hasMessageContaining("torn");
    }
  }

  @Test
  void measuresHowLongItsReaderWaited() throws Exception {
    CountDownLatch decoding = new CountDownLatch(1);
    Runnable slow =
        () -> {
          decoding.countDown();
          long end = System.nanoTime() + Duration.ofMillis(20).toNanos();
          while (System.nanoTime() < end) {
            Thread.onSpinWait();
          }
        };
    try (PrefetchedFeed feed = new PrefetchedFeed("test", feed(100_000, 100_000, slow), 64)) {
      assertThat(feed.waited()).isZero();
      feed.next(640);
      assertThat(decoding.getCount()).isZero();
      assertThat(feed.waited()).isGreaterThan(Duration.ofMillis(20));
    }
  }

  @Test
  void canBeClosedWhileItDecodesAhead() throws Exception {
    PrefetchedFeed feed = new PrefetchedFeed("test", feed(200), 7);
    feed.next(7);
    feed.close();
    assertThat(closed).isEqualTo(opened);
  }

  private int opened;
  private int closed;

  private ImageFeed feed(int images) throws BundleException {
    return feed(images, images, () -> {});
  }

  private ImageFeed feed(int images, int tornAt, Runnable beforeReading) throws BundleException {
    return new ImageFeed(() -> new NumberedReader(images, tornAt, beforeReading), PLAN, 3);
  }

  /** Images of one pixel that encodes their position modulo 255. */
  private final class NumberedReader implements BundleReader {
    private final int images;
    private final int tornAt;
    private final Runnable beforeReading;
    private int position;

    NumberedReader(int images, int tornAt, Runnable beforeReading) {
      this.images = images;
      this.tornAt = tornAt;
      this.beforeReading = beforeReading;
      opened++;
    }

    @Override
    public BundleInfo info() {
      return new BundleInfo(
          BundleFormat.HDF5, PIXEL, images, BundleInfo.PixelType.UINT8, List.of());
    }

    @Override
    public Optional<ImageBatch> read(int max) throws BundleException {
      beforeReading.run();
      if (position >= tornAt && tornAt < images) {
        throw new BundleException(BundleFault.UNREADABLE, "torn at " + position);
      }
      int count = Math.min(max, images - position);
      float[] pixels = new float[count];
      for (int i = 0; i < count; i++) {
        pixels[i] = (position++ % 255) / 127.5f - 1;
      }
      return count == 0 ? Optional.empty() : Optional.of(new ImageBatch(count, PIXEL, pixels));
    }

    @Override
    public void close() {
      closed++;
    }
  }
}
