package io.refinery.trainer.algorithm;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.trainer.plan.Seeds;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Refined images of earlier refiners, so that D does not forget them (arXiv 1612.07828, section
 * 2.3). Grows to its capacity, then newly refined images take the places of random entries. Images
 * are copied in and out. Memory: 4 bytes a value.
 */
public final class HistoryBuffer {

  private final int capacity;
  private final ImageShape shape;
  private final long seed;
  private final List<float[]> entries = new ArrayList<>();
  private long draws;

  /**
   * @param capacity images, B of the paper; 0 for a buffer that stays empty
   */
  public HistoryBuffer(int capacity, ImageShape shape, long seed) {
    this.capacity = capacity;
    this.shape = shape;
    this.seed = seed;
  }

  int size() {
    return entries.size();
  }

  /** Whether it holds as many images as half a mini-batch needs. */
  boolean holds(int images) {
    return entries.size() >= images;
  }

  /** Copies of {@code count} different entries, drawn at random. */
  ImageBatch sample(int count) {
    float[] pixels = new float[Math.multiplyExact(count, shape.values())];
    int at = 0;
    for (int entry : Seeds.distinct(nextStream(), count, entries.size())) {
      System.arraycopy(entries.get(entry), 0, pixels, at, shape.values());
      at += shape.values();
    }
    return new ImageBatch(count, shape, pixels);
  }

  /**
   * Takes newly refined images in: into free places first, then in place of as many different
   * random entries.
   *
   * @param refined at most as many as its capacity, unless that is 0
   */
  void replace(ImageBatch refined) {
    if (capacity == 0) {
      return;
    }
    int appended = Math.min(refined.count(), capacity - entries.size());
    for (int image = 0; image < appended; image++) {
      entries.add(refined.slice(image, image + 1).pixels());
    }
    int replaced = refined.count() - appended;
    if (replaced == 0) {
      return;
    }
    int image = appended;
    for (int entry : Seeds.distinct(nextStream(), replaced, capacity - appended)) {
      entries.set(entry, refined.slice(image, image + 1).pixels());
      image++;
    }
  }

  /** Writes its images and its place in the random numbers. */
  public void save(DataOutputStream out) throws IOException {
    out.writeLong(draws);
    out.writeInt(entries.size());
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * shape.values());
    for (float[] entry : entries) {
      bytes.asFloatBuffer().put(entry);
      out.write(bytes.array());
    }
  }

  /** Takes back what {@link #save} wrote, from a buffer of the same capacity, shape and seed. */
  public void load(DataInputStream in) throws IOException {
    draws = in.readLong();
    int size = in.readInt();
    if (size > capacity) {
      throw new IOException(size + " images do not fit a history buffer of " + capacity);
    }
    entries.clear();
    byte[] bytes = new byte[Float.BYTES * shape.values()];
    for (int i = 0; i < size; i++) {
      in.readFully(bytes);
      float[] entry = new float[shape.values()];
      ByteBuffer.wrap(bytes).asFloatBuffer().get(entry);
      entries.add(entry);
    }
  }

  private SplittableRandom nextStream() {
    return Seeds.stream(seed, draws++);
  }
}
