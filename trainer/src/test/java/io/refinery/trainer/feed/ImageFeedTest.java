package io.refinery.trainer.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo;
import io.refinery.bundle.BundleReader;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.PixelScale;
import io.refinery.trainer.plan.TrainingPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFeedTest {

  /** Two pixels encode the image's index in the bundle, from 0 to 65,535. */
  private static final ImageShape SHAPE = new ImageShape(1, 1, 2);

  private int opened;
  private int closed;
  private long read;

  @ParameterizedTest
  @ValueSource(ints = {30, 100, 199, 200, 1000})
  void everyEpochReturnsEachTrainingImageOnce(int window) throws Exception {
    try (ImageFeed feed = feed(200, window, 5, 1)) {
      List<Integer> heldOut = numbers(feed.heldOut().images());
      assertThat(heldOut).hasSize(5).doesNotHaveDuplicates();
      List<Integer> trained = IntStream.range(0, 200).boxed().toList();
      trained = new ArrayList<>(trained);
      trained.removeAll(heldOut);
      for (int epoch = 0; epoch < 3; epoch++) {
        assertThat(numbers(feed.next(195))).containsExactlyInAnyOrderElementsOf(trained);
      }
    }
    assertThat(closed).isEqualTo(opened);
  }

  @ParameterizedTest
  @ValueSource(ints = {50, 1000})
  void noTwoEpochsHaveTheSameOrder(int window) throws Exception {
    try (ImageFeed feed = feed(200, window, 5, 1)) {
      Set<List<Integer>> orders = new HashSet<>();
      for (int epoch = 0; epoch < 4; epoch++) {
        orders.add(numbers(feed.next(195)));
      }
      assertThat(orders).hasSize(4);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {50, 1000})
  void theSeedDecidesTheOrder(int window) throws Exception {
    try (ImageFeed one = feed(200, window, 5, 1);
        ImageFeed again = feed(200, window, 5, 1);
        ImageFeed other = feed(200, window, 5, 2)) {
      List<Integer> order = numbers(one.next(500));
      assertThat(numbers(again.next(500))).isEqualTo(order).isNotEqualTo(numbers(other.next(500)));
      assertThat(numbers(again.heldOut().images())).isEqualTo(numbers(one.heldOut().images()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 1000})
  void resumesFromAnyPositionWithTheSameImages(int window) throws Exception {
    try (ImageFeed whole = feed(200, window, 5, 1)) {
      for (int taken = 0; taken < 700; taken += 70) {
        FeedPosition position = whole.position();
        List<Integer> expected = numbers(whole.next(70));
        try (ImageFeed resumed = feed(200, window, 5, 1)) {
          resumed.seek(position);
          assertThat(numbers(resumed.next(70))).isEqualTo(expected);
          assertThat(resumed.position()).isEqualTo(whole.position());
        }
      }
    }
  }

  @Test
  void aPositionMayReachIntoLaterEpochs() throws Exception {
    try (ImageFeed whole = feed(50, 1000, 5, 1);
        ImageFeed resumed = feed(50, 1000, 5, 1)) {
      whole.next(123);
      resumed.seek(new FeedPosition(0, 123));
      assertThat(numbers(resumed.next(60))).isEqualTo(numbers(whole.next(60)));
    }
  }

  @Test
  void reportsTheHeldOutImages() throws Exception {
    try (ImageFeed feed = feed(200, 100, 10, 1)) {
      HeldOut heldOut = feed.heldOut();
      assertThat(heldOut.positions()).isSorted().hasSize(10);
      assertThat(numbers(heldOut.images()))
          .isEqualTo(heldOut.positions().stream().map(Long::intValue).toList());
    }
  }

  @Test
  void flipsEveryOtherImageAtRandomAndOnlyWhenAsked() throws Exception {
    int flipped = 0;
    try (ImageFeed feed = feed(200, new TrainingPlan.Feed(1000, 5, true, false));
        ImageFeed plain = feed(200, new TrainingPlan.Feed(1000, 5))) {
      for (int number : numbers(feed.next(195))) {
        if (number >= 256) {
          flipped++;
          assertThat(number % 256).isZero();
        }
      }
      assertThat(numbers(plain.next(195))).allMatch(number -> number < 256);
    }
    assertThat(flipped).isBetween(60, 135);
  }

  @Test
  void equalisesEveryImageWhenAsked() throws Exception {
    try (ImageFeed feed = feed(200, new TrainingPlan.Feed(1000, 5, false, true))) {
      assertThat(numbers(feed.next(100))).allMatch(number -> number == 255 || number == 0);
      assertThat(numbers(feed.heldOut().images())).allMatch(number -> number == 255 || number == 0);
    }
  }

  @Test
  void readsNoFurtherThanTheWindowNeeds() throws Exception {
    try (ImageFeed feed = feed(10_000, 256, 5, 1)) {
      assertThat(read).isBetween(256L, 256L + 64);
      feed.next(1000);
      assertThat(read).isBetween(1256L, 1256L + 64);
    }
  }

  @Test
  void aBundleThatFitsTheWindowIsReadOnce() throws Exception {
    try (ImageFeed feed = feed(200, 200, 5, 1)) {
      feed.next(1000);
    }
    assertThat(opened).isEqualTo(1);
    assertThat(read).isEqualTo(200);
  }

  @Test
  void mixesImagesAcrossTheWindow() throws Exception {
    try (ImageFeed feed = feed(10_000, 1000, 5, 1)) {
      List<Integer> first = numbers(feed.next(100));
      assertThat(first.stream().mapToInt(i -> i).average().orElseThrow()).isBetween(350.0, 750.0);
    }
  }

  @Test
  void holdsOutAtMostAFifth() throws Exception {
    try (ImageFeed feed = feed(20, 1000, 64, 1)) {
      assertThat(feed.heldOut().images().count()).isEqualTo(4);
    }
  }

  @Test
  void tooFewImagesAreRefusedAndTheBundleIsClosed() {
    assertThatThrownBy(() -> feed(4, 1000, 64, 1))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("at least 5 images")
        .hasMessageEndingWith("there are 4");
    assertThat(closed).isEqualTo(opened);
  }

  private ImageFeed feed(int images, int window, int heldOut, long seed) throws BundleException {
    return new ImageFeed(
        () -> new CountingReader(images), new TrainingPlan.Feed(window, heldOut), seed);
  }

  private ImageFeed feed(int images, TrainingPlan.Feed plan) throws BundleException {
    return new ImageFeed(() -> new CountingReader(images), plan, 1);
  }

  private static List<Integer> numbers(ImageBatch images) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < images.count(); i++) {
      int high = PixelScale.toByte(images.pixels()[2 * i]) & 0xFF;
      numbers.add(high * 256 + (PixelScale.toByte(images.pixels()[2 * i + 1]) & 0xFF));
    }
    return numbers;
  }

  /** A bundle of images numbered from 0. */
  private final class CountingReader implements BundleReader {
    private final int images;
    private int position;

    CountingReader(int images) {
      this.images = images;
      opened++;
    }

    @Override
    public BundleInfo info() {
      return new BundleInfo(
          BundleFormat.HDF5, SHAPE, images, BundleInfo.PixelType.UINT8, List.of());
    }

    @Override
    public Optional<ImageBatch> read(int max) {
      int count = Math.min(max, images - position);
      if (count == 0) {
        return Optional.empty();
      }
      float[] pixels = new float[2 * count];
      for (int i = 0; i < count; i++, position++) {
        pixels[2 * i] = PixelScale.fromByte((byte) (position / 256));
        pixels[2 * i + 1] = PixelScale.fromByte((byte) position);
      }
      read += count;
      return Optional.of(new ImageBatch(count, SHAPE, pixels));
    }

    @Override
    public void close() {
      closed++;
    }
  }
}
