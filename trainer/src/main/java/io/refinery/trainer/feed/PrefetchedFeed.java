package io.refinery.trainer.feed;

import io.refinery.bundle.BundleException;
import io.refinery.concurrent.StageQueue;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import io.refinery.telemetry.LogLabels;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/**
 * An {@link ImageFeed} that is decoded ahead on its own thread and measures how long its reader had
 * to wait. Not thread-safe.
 */
public final class PrefetchedFeed implements ImageSource, AutoCloseable {

  /** Number of blocks decoded ahead. */
  private static final int AHEAD = 4;

  private record Block(FeedPosition start, LevelBatch images) {}

  private final ImageFeed feed;
  private final int blockSize;
  private final StageQueue<Block> ready = new StageQueue<>(AHEAD);
  private final Thread decoder;
  private Block block;
  private int used;
  private long waitedNanos;

  /**
   * @param name the thread's name
   * @param feed closed by {@link #close}; must not be used elsewhere
   * @param blockSize images to decode at a time, ideally one mini-batch
   */
  public PrefetchedFeed(String name, ImageFeed feed, int blockSize) {
    this.feed = feed;
    this.blockSize = blockSize;
    block = new Block(feed.position(), new LevelBatch(0, feed.shape(), new byte[0]));
    decoder = new Thread(LogLabels.carried(this::decode), name);
    decoder.setDaemon(true);
    decoder.start();
  }

  private void decode() {
    try {
      while (true) {
        ready.put(new Block(feed.position(), feed.nextLevels(blockSize)));
      }
    } catch (InterruptedException | ExecutionException e) {
      // Closed: nothing reads from the feed any more.
      Thread.currentThread().interrupt();
    } catch (BundleException | RuntimeException | Error e) { // Rethrown to the reader.
      ready.fail(e);
    }
  }

  public ImageShape shape() {
    return feed.shape();
  }

  /** Returns the images that are held out from training. */
  public HeldOut heldOut() {
    return feed.heldOut();
  }

  /** Returns figures about the images that filled the window first. */
  public FirstImages firstImages() {
    return feed.firstImages();
  }

  /** Returns the position of the next image. */
  public FeedPosition position() {
    return new FeedPosition(block.start().epoch(), block.start().taken() + used);
  }

  /** Returns how long {@link #next} has waited for images to be decoded. */
  public Duration waited() {
    return Duration.ofNanos(waitedNanos);
  }

  @Override
  public ImageBatch next(int count) throws BundleException {
    int values = feed.shape().values();
    byte[] levels = new byte[Math.multiplyExact(count, values)];
    int filled = 0;
    while (filled < count) {
      if (used == block.images().count()) {
        block = take();
        used = 0;
      }
      int copied = Math.min(count - filled, block.images().count() - used);
      System.arraycopy(
          block.images().levels(), used * values, levels, filled * values, copied * values);
      used += copied;
      filled += copied;
    }
    return new LevelBatch(count, feed.shape(), levels).toImages();
  }

  private Block take() throws BundleException {
    long start = System.nanoTime();
    try {
      return ready.take().orElseThrow();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BundleException cause) {
        throw new BundleException(cause.fault(), cause.getMessage(), cause);
      }
      throw new IllegalStateException("Cannot decode images: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for images", e);
    } finally {
      waitedNanos += System.nanoTime() - start;
    }
  }

  @Override
  public void close() {
    ready.fail(new IllegalStateException("The feed is closed"));
    decoder.interrupt();
    try {
      decoder.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    feed.close();
  }
}
