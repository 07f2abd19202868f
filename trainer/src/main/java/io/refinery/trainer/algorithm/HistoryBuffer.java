package io.refinery.trainer.algorithm;

import io.refinery.engine.ImageMemory;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.trainer.plan.Seeds;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A buffer of images from earlier refiners, so that D does not forget them (arXiv 1612.07828,
 * section 2.3). It grows to its capacity; then newly refined images replace random entries. It
 * manages only the places; the images are in an {@link ImageMemory}.
 */
public final class HistoryBuffer {

  private final int capacity;
  private final ImageShape shape;
  private final long seed;
  private final ImageMemory memory;
  private int size;
  private long draws;

  /**
   * @param capacity in images, the paper's B; 0 for a buffer that stays empty
   * @param memory with {@code capacity} places for images of {@code shape}
   */
  public HistoryBuffer(int capacity, ImageShape shape, long seed, ImageMemory memory) {
    this.capacity = capacity;
    this.shape = shape;
    this.seed = seed;
    this.memory = memory;
  }

  int size() {
    return size;
  }

  /** Whether it holds at least this many images. */
  boolean holds(int images) {
    return size >= images;
  }

  /** Returns the places of {@code count} different entries, drawn at random. */
  int[] draw(int count) {
    return Seeds.distinct(nextStream(), count, size);
  }

  /**
   * Returns the places for newly refined images: free ones first, then those of different random
   * entries. None if the capacity is 0.
   *
   * @param count at most the capacity, unless that is 0
   */
  int[] admit(int count) {
    if (capacity == 0) {
      return new int[0];
    }
    int appended = Math.min(count, capacity - size);
    int replaced = count - appended;
    IntStream free = IntStream.range(size, size + appended);
    size += appended;
    return replaced == 0
        ? free.toArray()
        : IntStream.concat(
                free, IntStream.of(Seeds.distinct(nextStream(), replaced, capacity - appended)))
            .toArray();
  }

  /** Writes its images and the number of random draws so far. */
  public void save(DataOutputStream out) throws IOException {
    out.writeLong(draws);
    out.writeInt(size);
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * shape.values());
    for (int place = 0; place < size; place++) {
      bytes.asFloatBuffer().put(memory.read(new int[] {place}).pixels());
      out.write(bytes.array());
    }
  }

  /** Restores what {@link #save} wrote, from a buffer of the same capacity, shape and seed. */
  public void load(DataInputStream in) throws IOException {
    long saved = in.readLong();
    int images = in.readInt();
    if (images > capacity) {
      throw new IOException(images + " images do not fit a history buffer of " + capacity);
    }
    byte[] bytes = new byte[Float.BYTES * shape.values()];
    for (int place = 0; place < images; place++) {
      in.readFully(bytes);
      float[] pixels = new float[shape.values()];
      ByteBuffer.wrap(bytes).asFloatBuffer().get(pixels);
      memory.write(new ImageBatch(1, shape, pixels), new int[] {place});
    }
    draws = saved;
    size = images;
  }

  private SplittableRandom nextStream() {
    return Seeds.stream(seed, draws++);
  }
}
