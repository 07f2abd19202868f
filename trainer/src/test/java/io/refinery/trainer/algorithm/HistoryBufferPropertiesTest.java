package io.refinery.trainer.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Properties of the buffer for every capacity, mini-batch and seed. */
class HistoryBufferPropertiesTest {

  private static final ImageShape PIXEL = new ImageShape(1, 1, 1);

  /** Steps after which an entry is gone, or was drawn, except with probability exp(-40). */
  private static final int SURELY = 40;

  /**
   * A buffer that takes half a mini-batch at a time. Every image is one pixel: the number of images
   * made before it.
   */
  private static final class Subject {

    private final int batch;
    private final int capacity;
    private final long seed;
    private final Remembered buffer;
    private int made;

    Subject(int batch, int beyondHalf, long seed) {
      this.batch = batch;
      this.capacity = batch / 2 + beyondHalf;
      this.seed = seed;
      buffer = new Remembered(capacity, PIXEL, seed);
    }

    int half() {
      return batch / 2;
    }

    List<Float> replaceHalf() {
      List<Float> images = IntStream.range(made, made + half()).mapToObj(i -> (float) i).toList();
      made += half();
      float[] pixels = new float[half()];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = images.get(i);
      }
      buffer.replace(new ImageBatch(half(), PIXEL, pixels));
      return images;
    }

    Subject full() {
      while (buffer.size() < capacity) {
        replaceHalf();
      }
      return this;
    }

    /** Enough steps for whatever happens to half a mini-batch to have happened to every entry. */
    int surely() {
      return SURELY * (capacity / half() + 1);
    }

    float[] sample() {
      return buffer.sample(half()).pixels();
    }

    /** Sorted by age. */
    Set<Float> contents() {
      Set<Float> contents = new TreeSet<>();
      for (float value : buffer.sample(buffer.size()).pixels()) {
        contents.add(value);
      }
      return contents;
    }

    @Override
    public String toString() {
      return "capacity " + capacity + ", mini-batch " + batch + ", seed " + seed;
    }
  }

  @Provide
  Arbitrary<Subject> buffers() {
    return Combinators.combine(
            Arbitraries.integers().between(2, 17),
            Arbitraries.integers().between(0, 40),
            Arbitraries.longs().edgeCases(EdgeCases.Config::none))
        .as(Subject::new);
  }

  @Property(tries = 100)
  void fillsToItsCapacityAndKeepsIt(@ForAll("buffers") Subject subject) {
    for (int step = 1; step <= 50; step++) {
      subject.replaceHalf();
      assertThat(subject.buffer.size())
          .isEqualTo(Math.min(subject.capacity, step * subject.half()));
      assertThat(subject.contents()).hasSize(subject.buffer.size());
    }
  }

  @Property(tries = 100)
  void losesNothingAsLongAsThereIsRoom(@ForAll("buffers") Subject subject) {
    for (int step = 0; step < subject.capacity / subject.half(); step++) {
      Set<Float> expected = subject.contents();
      expected.addAll(subject.replaceHalf());
      assertThat(subject.contents()).isEqualTo(expected);
    }
  }

  @Property(tries = 100)
  void aFullOneTakesInHalfAMiniBatchAndLosesExactlyAsMany(@ForAll("buffers") Subject subject) {
    subject.full();
    for (int step = 0; step < 20; step++) {
      Set<Float> before = subject.contents();
      List<Float> taken = subject.replaceHalf();
      Set<Float> after = subject.contents();
      assertThat(after).containsAll(taken).hasSize(subject.capacity);
      before.removeAll(after);
      assertThat(before).hasSize(subject.half());
    }
  }

  @Property(tries = 20)
  void everyPlaceIsEquallyLikelyToBeReplaced(@ForAll("buffers") Subject subject) {
    int rounds = 1000;
    double[] lostByRank = new double[subject.capacity];
    for (int round = 0; round < rounds; round++) {
      Subject fresh =
          new Subject(subject.batch, subject.capacity - subject.half(), subject.seed + round);
      List<Float> before = List.copyOf(fresh.full().contents());
      fresh.replaceHalf();
      Set<Float> after = fresh.contents();
      IntStream.range(0, before.size())
          .filter(rank -> !after.contains(before.get(rank)))
          .forEach(rank -> lostByRank[rank]++);
    }
    double share = (double) subject.half() / subject.capacity;
    double sevenDeviations = 7 * Math.sqrt(rounds * share * (1 - share));
    for (double lost : lostByRank) {
      assertThat(lost).isCloseTo(rounds * share, within(sevenDeviations));
    }
  }

  @Property(tries = 50)
  void drawsEntriesOfAllAgesAndNoneTwiceAtATime(@ForAll("buffers") Subject subject) {
    subject.full();
    subject.replaceHalf();
    Set<Float> contents = subject.contents();
    Set<Float> seen = new HashSet<>();
    for (int draw = 0; draw < subject.surely(); draw++) {
      float[] drawn = subject.sample();
      assertThat(drawn).hasSize(subject.half()).doesNotHaveDuplicates();
      for (float value : drawn) {
        seen.add(value);
      }
    }
    assertThat(seen).isEqualTo(contents);
  }

  @Property(tries = 50)
  void noImageStaysForever(@ForAll("buffers") Subject subject) {
    Set<Float> first = subject.full().contents();
    for (int step = 0; step < subject.surely(); step++) {
      subject.replaceHalf();
    }
    assertThat(subject.contents()).doesNotContainAnyElementsOf(first);
  }

  @Property(tries = 50)
  void resumesFromItsSavedStateAsIfUninterrupted(@ForAll("buffers") Subject subject)
      throws IOException {
    subject.full().sample();
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    subject.buffer.save(new DataOutputStream(saved));
    Remembered other = new Remembered(subject.capacity, PIXEL, subject.seed);
    other.load(new DataInputStream(new ByteArrayInputStream(saved.toByteArray())));
    for (int step = 0; step < 10; step++) {
      assertThat(other.sample(subject.half()).pixels()).isEqualTo(subject.sample());
      float[] pixels = new float[subject.half()];
      List<Float> images = subject.replaceHalf();
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = images.get(i);
      }
      other.replace(new ImageBatch(pixels.length, PIXEL, pixels));
    }
  }
}
