package io.refinery.trainer.feed;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.BundleReader;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import io.refinery.trainer.plan.Seeds;
import io.refinery.trainer.plan.TrainingPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * An endless feed of one domain's images in an order that depends on the seed: every image once,
 * then all again in a new order.
 *
 * <p>Images are drawn at random from a window through which the bundles are streamed. Only the
 * window is in memory: one byte per value, to which float pixels are rounded. A domain that fits
 * into the window is read once and shuffled exactly. Some images are held out from training; they
 * are drawn from those that fill the window first. Not thread-safe.
 */
public final class ImageFeed implements ImageSource, AutoCloseable {

  private static final int READ_AT_ONCE = 64;
  private static final int FEWEST = 5;

  /** Opens the domain at its start. */
  @FunctionalInterface
  public interface Opener {
    BundleReader open() throws BundleException;
  }

  private final Opener opener;
  private final TrainingPlan.Feed plan;
  private final long seed;
  private final ImageShape shape;
  private final FirstImages first;
  private final HeldOut heldOut;
  private final Set<Long> keptPositions;

  /** Every training image in the domain's order if all fit; otherwise empty. */
  private final Optional<byte[][]> all;

  /** Places before {@code waiting} hold images that this epoch has yet to return. */
  private final byte[][] window;

  private int waiting;
  private long epoch;
  private long taken;
  private SplittableRandom random;
  private byte[] drawn;
  private boolean mirrored;
  private Optional<BundleReader> reader;
  private LevelBatch chunk;
  private int chunkPosition;
  private long position;

  /**
   * Fills the window.
   *
   * @throws BundleException also when there are fewer than 5 images, too few to hold one out
   */
  public ImageFeed(Opener opener, TrainingPlan.Feed plan, long seed) throws BundleException {
    this.opener = opener;
    this.plan = plan;
    this.seed = seed;
    BundleReader opened = opener.open();
    reader = Optional.of(opened);
    shape = opened.info().shape();
    chunk = nothing();
    try {
      List<byte[]> images = firstWindow();
      first =
          new FirstImages(
              images.stream().map(image -> ImageFigures.of(image, shape)).toList(), !hasMore());
      int[] kept = kept(images.size());
      heldOut = heldOut(images, kept);
      keptPositions = Set.copyOf(heldOut.positions());
      for (int i = kept.length - 1; i >= 0; i--) {
        images.remove(kept[i]);
      }
      window = images.toArray(byte[][]::new);
      all = hasMore() ? Optional.empty() : Optional.of(window.clone());
      if (all.isPresent()) {
        close();
      }
    } catch (BundleException | RuntimeException e) {
      close();
      throw e;
    }
    waiting = window.length;
    random = Seeds.stream(seed, 0);
  }

  private List<byte[]> firstWindow() throws BundleException {
    List<byte[]> images = new ArrayList<>();
    while (images.size() < plan.window() && hasMore()) {
      images.add(readImage());
    }
    if (images.size() < FEWEST) {
      throw new BundleException(
          BundleFault.NO_IMAGES,
          "Training needs at least "
              + FEWEST
              + " images in each domain's bundles and in the window, but there are "
              + images.size());
    }
    return images;
  }

  /** Never holds out the last image: training needs at least one. */
  private int[] kept(int size) {
    int count = Math.min(plan.heldOut(), size / FEWEST);
    int[] kept = Seeds.distinct(Seeds.stream(seed, -1), count, size - 1);
    Arrays.sort(kept);
    return kept;
  }

  private HeldOut heldOut(List<byte[]> images, int[] kept) {
    byte[] levels = new byte[Math.multiplyExact(kept.length, shape.values())];
    for (int i = 0; i < kept.length; i++) {
      copy(images.get(kept[i]), false, levels, i * shape.values());
    }
    return new HeldOut(
        new LevelBatch(kept.length, shape, levels).toImages(),
        Arrays.stream(kept).mapToObj(place -> (long) place).toList());
  }

  public ImageShape shape() {
    return shape;
  }

  /** Returns the images that are held out from training. */
  public HeldOut heldOut() {
    return heldOut;
  }

  /** Returns figures about the images that filled the window first. */
  public FirstImages firstImages() {
    return first;
  }

  /** Returns the position of the next image. */
  public FeedPosition position() {
    return new FeedPosition(epoch, taken);
  }

  /** Continues from a position of a feed with the same images, plan and seed. */
  public void seek(FeedPosition to) throws BundleException {
    if (to.epoch() != epoch || to.taken() < taken) {
      startEpoch(to.epoch());
    }
    long left = to.taken() - taken;
    for (long image = 0; image < left; image++) {
      draw();
    }
  }

  @Override
  public ImageBatch next(int count) throws BundleException {
    return nextLevels(count).toImages();
  }

  /** Returns the images that {@link #next} would return, as levels. */
  LevelBatch nextLevels(int count) throws BundleException {
    byte[] levels = new byte[Math.multiplyExact(count, shape.values())];
    for (int image = 0; image < count; image++) {
      draw();
      copy(drawn, mirrored, levels, image * shape.values());
    }
    return new LevelBatch(count, shape, levels);
  }

  /** Leaves an image in {@link #drawn} and {@link #mirrored}. */
  private void draw() throws BundleException {
    if (waiting == 0) {
      startEpoch(epoch + 1);
    }
    int place = random.nextInt(waiting);
    drawn = window[place];
    Optional<byte[]> refill = all.isPresent() ? Optional.empty() : readTrainingImage();
    if (refill.isPresent()) {
      window[place] = refill.get();
    } else {
      waiting--;
      window[place] = window[waiting];
    }
    taken++;
    mirrored = plan.flip() && random.nextBoolean();
  }

  private void startEpoch(long number) throws BundleException {
    epoch = number;
    taken = 0;
    random = Seeds.stream(seed, number);
    waiting = window.length;
    if (all.isPresent()) {
      System.arraycopy(all.get(), 0, window, 0, window.length);
      return;
    }
    close();
    reader = Optional.of(opener.open());
    position = 0;
    chunkPosition = 0;
    chunk = nothing();
    for (int place = 0; place < window.length; place++) {
      window[place] =
          readTrainingImage()
              .orElseThrow(
                  () ->
                      new BundleException(
                          BundleFault.UNREADABLE,
                          "A domain has fewer images than when it was last read: " + position));
    }
  }

  private Optional<byte[]> readTrainingImage() throws BundleException {
    while (hasMore()) {
      boolean kept = keptPositions.contains(position);
      byte[] image = readImage();
      if (!kept) {
        return Optional.of(image);
      }
    }
    return Optional.empty();
  }

  private boolean hasMore() throws BundleException {
    if (chunkPosition == chunk.count() && reader.isPresent()) {
      chunk =
          LevelReader.read(reader.get(), READ_AT_ONCE, plan.equalise()).orElseGet(this::nothing);
      chunkPosition = 0;
    }
    return chunkPosition < chunk.count();
  }

  private byte[] readImage() {
    int offset = chunkPosition++ * shape.values();
    position++;
    return Arrays.copyOfRange(chunk.levels(), offset, offset + shape.values());
  }

  private void copy(byte[] image, boolean mirrored, byte[] levels, int offset) {
    int width = shape.width();
    for (int i = 0; i < image.length; i++) {
      int from = mirrored ? i + width - 1 - 2 * (i % width) : i;
      levels[offset + i] = image[from];
    }
  }

  private LevelBatch nothing() {
    return new LevelBatch(0, shape, new byte[0]);
  }

  @Override
  public void close() {
    reader.ifPresent(BundleReader::close);
    reader = Optional.empty();
  }
}
