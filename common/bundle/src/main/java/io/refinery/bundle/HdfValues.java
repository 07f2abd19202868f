package io.refinery.bundle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writes a dataset of values of variable length: first the values, into heaps (specification
 * III.E), then the references to them, which are buffered in a temporary file.
 */
final class HdfValues implements AutoCloseable {

  private static final int HEAP_BYTES = 64 << 10;
  private static final int HEAP_HEADER = 16;
  private static final int MOST_OBJECTS = 0xFFFF;

  private final HdfSpace space;
  private final HdfEncoding encoding;
  private final HdfType type;
  private final Path references;
  private final FileChannel channel;
  private final ByteArrayOutputStream heap = new ByteArrayOutputStream(HEAP_BYTES);
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream(HEAP_BYTES);
  private int objects;

  /**
   * Starts a dataset.
   *
   * @param beside the temporary file is created in this file's folder
   */
  HdfValues(HdfSpace space, HdfEncoding encoding, HdfType type, Path beside) throws IOException {
    this.space = space;
    this.encoding = encoding;
    this.type = type;
    this.references = Files.createTempFile(beside.toAbsolutePath().getParent(), ".refs-", ".tmp");
    this.channel =
        FileChannel.open(
            references,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
  }

  void write(byte[] value) throws IOException {
    ByteBuffer reference = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    if (value.length > 0) {
      int padded = (value.length + 7) / 8 * 8;
      if (objects == MOST_OBJECTS || (heap.size() + padded + 16 > HEAP_BYTES && objects > 0)) {
        flush();
      }
      objects++;
      ByteBuffer header = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      header.putShort((short) objects).putShort((short) 0).putInt(0).putLong(value.length);
      heap.writeBytes(header.array());
      heap.writeBytes(value);
      heap.writeBytes(new byte[padded - value.length]);
      reference.putInt(value.length / type.itemSize()).putLong(space.end()).putInt(objects);
    }
    pending.writeBytes(reference.array());
  }

  /** Writes the heap to the end of the file, the address already stored in the references. */
  private void flush() throws IOException {
    if (objects > 0) {
      // Free space is an object of number 0; a heap has at least 4,096 bytes.
      int size = Math.max(4096, HEAP_HEADER + heap.size() + 16);
      ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putInt(HdfObject.signature("GCOL")).putInt(1).putLong(size);
      bytes.put(heap.toByteArray());
      bytes.putLong(0).putLong(size - HEAP_HEADER - heap.size());
      space.append(bytes.rewind());
      heap.reset();
      objects = 0;
    }
    ByteBuffer waiting = ByteBuffer.wrap(pending.toByteArray());
    while (waiting.hasRemaining()) {
      channel.write(waiting);
    }
    pending.reset();
  }

  /**
   * Completes the dataset's data and returns the message of its header that says where they are.
   */
  List<HdfMessage> finish() throws IOException {
    flush();
    long start = space.end();
    ByteBuffer buffer = ByteBuffer.allocate(HEAP_BYTES);
    channel.position(0);
    while (channel.read(buffer.clear()) >= 0) {
      space.append(buffer.flip());
    }
    return List.of(encoding.contiguous(start, space.end() - start));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
