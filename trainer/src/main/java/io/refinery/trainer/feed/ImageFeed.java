package io.refinery.trainer.feed;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.BundleInfo;
import io.refinery.bundle.BundleReader;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.PixelScale;
import io.refinery.trainer.plan.Seeds;
import io.refinery.trainer.plan.TrainingPlan;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * One domain's images without end, in an order that the seed decides: every image once, then all
 * again in another order.
 *
 * <p>Images are drawn at random from a window that the bundle is streamed through, so that memory
 * is the window's: one byte a value, to which float pixels are rounded. A bundle that fits into the
 * window is read once and shuffled exactly. Some images are kept from training; they are drawn from
 * those that fill the window first. One thread at a time uses it.
 */
public final class ImageFeed implements ImageSource, AutoCloseable {

  private static final int READ_AT_ONCE = 64;

  /** Opens the bundle at its start. */
  @FunctionalInterface
  public interface Opener {
    BundleReader open() throws BundleException;
  }

  private final Opener opener;
  private final long seed;
  private final ImageShape shape;
  private final boolean fits;
  private final Set<Long> heldOut;
  private final float[] heldOutPixels;

  /** Places from 0 to {@code waiting} hold images that this epoch has yet to hand out. */
  private final byte[][] window;

  private int waiting;
  private int filled;
  private long epoch = -1;
  private SplittableRandom random;
  private Optional<BundleReader> reader = Optional.empty();
  private ImageBatch chunk;
  private int chunkPosition;
  private long bundlePosition;

  /**
   * Fills the window.
   *
   * @throws BundleException also when there are fewer than 5 images, too few to keep one out
   */
  public ImageFeed(Opener opener, TrainingPlan.Feed plan, long seed) throws BundleException {
    this.opener = opener;
    this.seed = seed;
    reader = Optional.of(opener.open());
    BundleInfo info = reader.get().info();
    shape = info.shape();
    fits = info.count() <= plan.window();
    int size = (int) Math.min(plan.window(), info.count());
    int kept = Math.min(plan.heldOut(), size / 5);
    // The last image of the first window is never kept: once it is there, all that are kept are.
    heldOut =
        Arrays.stream(Seeds.distinct(Seeds.stream(seed, -1), kept, size - 1))
            .mapToObj(index -> (long) index)
            .collect(Collectors.toUnmodifiableSet());
    heldOutPixels = new float[Math.multiplyExact(kept, shape.values())];
    window = new byte[size - kept][];
    chunk = nothing();
    try {
      if (kept == 0) {
        throw new BundleException(
            BundleFault.NO_IMAGES,
            "Training takes at least 5 images of a domain, in the bundle and in the window; there"
                + " are "
                + size);
      }
      startEpoch();
    } catch (BundleException | RuntimeException e) {
      close();
      throw e;
    }
  }

  public ImageShape shape() {
    return shape;
  }

  /** The images that are kept from training. */
  public ImageBatch heldOut() {
    return new ImageBatch(heldOut.size(), shape, heldOutPixels.clone());
  }

  @Override
  public ImageBatch next(int count) throws BundleException {
    float[] pixels = new float[Math.multiplyExact(count, shape.values())];
    for (int image = 0; image < count; image++) {
      byte[] levels = take();
      for (int i = 0; i < levels.length; i++) {
        pixels[image * levels.length + i] = PixelScale.fromByte(levels[i]);
      }
    }
    return new ImageBatch(count, shape, pixels);
  }

  private byte[] take() throws BundleException {
    if (waiting == 0) {
      startEpoch();
    }
    int place = random.nextInt(waiting);
    byte[] taken = window[place];
    Optional<byte[]> refill = fits ? Optional.empty() : readTrainingImage();
    if (refill.isPresent()) {
      window[place] = refill.get();
    } else {
      waiting--;
      window[place] = window[waiting];
      window[waiting] = taken;
    }
    return taken;
  }

  private void startEpoch() throws BundleException {
    epoch++;
    random = Seeds.stream(seed, epoch);
    if (fits && epoch > 0) {
      waiting = filled;
      return;
    }
    if (epoch > 0) {
      close();
      reader = Optional.of(opener.open());
      bundlePosition = 0;
      chunkPosition = 0;
      chunk = nothing();
    }
    filled = 0;
    while (filled < window.length) {
      Optional<byte[]> image = readTrainingImage();
      if (image.isEmpty()) {
        break;
      }
      window[filled++] = image.get();
    }
    waiting = filled;
    if (fits) {
      close();
    }
  }

  private Optional<byte[]> readTrainingImage() throws BundleException {
    while (true) {
      if (chunkPosition == chunk.count()) {
        Optional<ImageBatch> next = reader.orElseThrow().read(READ_AT_ONCE);
        if (next.isEmpty()) {
          return Optional.empty();
        }
        chunk = next.get();
        chunkPosition = 0;
      }
      int offset = chunkPosition++ * shape.values();
      long index = bundlePosition++;
      if (!heldOut.contains(index)) {
        return Optional.of(levels(offset));
      }
      keep(index, offset);
    }
  }

  private void keep(long index, int offset) {
    int place = (int) heldOut.stream().filter(other -> other < index).count();
    System.arraycopy(chunk.pixels(), offset, heldOutPixels, place * shape.values(), shape.values());
  }

  private byte[] levels(int offset) {
    byte[] levels = new byte[shape.values()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = PixelScale.toByte(chunk.pixels()[offset + i]);
    }
    return levels;
  }

  private ImageBatch nothing() {
    return new ImageBatch(0, shape, new float[0]);
  }

  @Override
  public void close() {
    reader.ifPresent(BundleReader::close);
    reader = Optional.empty();
  }
}
