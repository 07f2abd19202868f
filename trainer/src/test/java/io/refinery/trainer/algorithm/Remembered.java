package io.refinery.trainer.algorithm;

import io.refinery.engine.HostMemory;
import io.refinery.engine.ImageMemory;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** A history buffer with its images on the heap, drawn and replaced as a step does. */
final class Remembered {

  private final ImageMemory memory;
  private final HistoryBuffer buffer;

  Remembered(int capacity, ImageShape shape, long seed) {
    memory = new HostMemory(capacity, shape);
    buffer = new HistoryBuffer(capacity, shape, seed, memory);
  }

  ImageBatch sample(int count) {
    return memory.read(buffer.draw(count));
  }

  void replace(ImageBatch refined) {
    int[] places = buffer.admit(refined.count());
    memory.write(refined.slice(0, places.length), places);
  }

  int size() {
    return buffer.size();
  }

  boolean holds(int images) {
    return buffer.holds(images);
  }

  void save(DataOutputStream out) throws IOException {
    buffer.save(out);
  }

  void load(DataInputStream in) throws IOException {
    buffer.load(in);
  }
}
