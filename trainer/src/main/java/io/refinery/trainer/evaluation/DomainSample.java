package io.refinery.trainer.evaluation;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.NumericLabel;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import io.refinery.trainer.feed.ImageFeed;
import io.refinery.trainer.feed.LevelReader;
import io.refinery.trainer.plan.Seeds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The part of a domain that the evaluation uses: images drawn at random from those trained on, and
 * from those held out.
 *
 * @param problems sentences about labels that exist but cannot be used, by label name
 */
record DomainSample(Sample training, Sample heldOut, Map<String, String> problems) {

  private static final int READ_AT_ONCE = 64;

  /**
   * Which images to draw.
   *
   * @param heldOut places of the held-out images in the domain
   * @param equalise whether histograms are equalised
   * @param most maximum number of images of each kind
   */
  record Choice(Set<Long> heldOut, boolean equalise, int most, long seed) {}

  /**
   * Reads the domain once, in memory bounded by {@code choice.most}.
   *
   * @param labels to read if the bundles have them
   */
  static DomainSample read(ImageFeed.Opener opener, Choice choice, Set<String> labels)
      throws BundleException {
    try (BundleReader reader = opener.open()) {
      return new Reading(reader, choice, labels).read();
    }
  }

  private static final class Reading {

    private final BundleReader reader;
    private final Set<Long> heldOut;
    private final boolean equalise;
    private final Map<String, NumericLabel> labels = new LinkedHashMap<>();
    private final Map<String, String> problems = new TreeMap<>();
    private final Reservoir training;
    private final Reservoir kept;

    Reading(BundleReader reader, Choice choice, Set<String> names) {
      this.reader = reader;
      this.heldOut = choice.heldOut();
      this.equalise = choice.equalise();
      training = new Reservoir(choice.most(), Seeds.stream(choice.seed(), 0));
      kept = new Reservoir(choice.most(), Seeds.stream(choice.seed(), 1));
      for (String name : names) {
        find(name).ifPresent(label -> labels.put(name, label));
      }
    }

    private Optional<NumericLabel> find(String name) {
      try {
        return reader.numbers(name);
      } catch (BundleException e) {
        problems.put(name, e.getMessage());
        return Optional.empty();
      }
    }

    DomainSample read() throws BundleException {
      long position = 0;
      for (Optional<LevelBatch> next = readNext(); next.isPresent(); next = readNext()) {
        LevelBatch batch = next.get();
        for (int i = 0; i < batch.count(); i++) {
          long image = position + i;
          Reservoir reservoir = heldOut.contains(image) ? kept : training;
          OptionalInt place = reservoir.placeOfNext();
          if (place.isPresent()) {
            byte[] levels = batch.slice(i, i + 1).levels();
            reservoir.put(place.getAsInt(), new Item(image, levels, labels(image)));
          }
        }
        position += batch.count();
      }
      ImageShape shape = reader.info().shape();
      return new DomainSample(
          training.sample(shape, labels.keySet()), kept.sample(shape, labels.keySet()), problems);
    }

    private Optional<LevelBatch> readNext() throws BundleException {
      return LevelReader.read(reader, READ_AT_ONCE, equalise);
    }

    private Map<String, double[]> labels(long image) {
      Map<String, double[]> rows = new LinkedHashMap<>();
      for (NumericLabel label : List.copyOf(labels.values())) {
        try {
          rows.put(label.name(), label.read(image, 1));
        } catch (BundleException e) {
          problems.put(label.name(), e.getMessage());
          labels.remove(label.name());
        }
      }
      return rows;
    }
  }

  private static final class Item {

    private final long position;
    private final byte[] levels;
    private final Map<String, double[]> labels;

    Item(long position, byte[] levels, Map<String, double[]> labels) {
      this.position = position;
      this.levels = levels;
      this.labels = labels;
    }
  }

  /**
   * Draws {@code most} of all images with equal probability (Knuth, TAOCP 2, 3.4.2, algorithm R).
   */
  private static final class Reservoir {

    private final int most;
    private final SplittableRandom random;
    private final List<Item> items = new ArrayList<>();
    private long seen;

    Reservoir(int most, SplittableRandom random) {
      this.most = most;
      this.random = random;
    }

    OptionalInt placeOfNext() {
      long place = seen < most ? seen : random.nextLong(seen + 1);
      seen++;
      return place < most ? OptionalInt.of((int) place) : OptionalInt.empty();
    }

    void put(int place, Item item) {
      if (place == items.size()) {
        items.add(item);
      } else {
        items.set(place, item);
      }
    }

    /** The drawn images, in the bundles' order. */
    Sample sample(ImageShape shape, Set<String> names) {
      items.sort(Comparator.comparingLong(item -> item.position));
      Map<String, List<double[]>> labels = new LinkedHashMap<>();
      for (String name : names) {
        labels.put(name, items.stream().map(item -> item.labels.get(name)).toList());
      }
      return new Sample(shape, items.stream().map(item -> item.levels).toList(), labels);
    }
  }
}
