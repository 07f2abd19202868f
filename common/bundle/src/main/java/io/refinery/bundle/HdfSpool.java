package io.refinery.bundle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A temporary file of decoded chunks. */
final class HdfSpool implements AutoCloseable {

  private final FileChannel channel;

  private HdfSpool(FileChannel channel) {
    this.channel = channel;
  }

  /** Creates a file beside another, or in the folder for temporary files. */
  static HdfSpool beside(Path file) {
    try {
      return create(file);
    } catch (IOException e) {
      throw new HdfSpoolException(e);
    }
  }

  private static HdfSpool create(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path temporary =
        Files.isWritable(folder)
            ? Files.createTempFile(folder, ".chunks-", ".tmp")
            : Files.createTempFile(".chunks-", ".tmp");
    return new HdfSpool(
        FileChannel.open(
            temporary,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE));
  }

  /**
   * @throws HdfSpoolException when the disk is full or fails
   */
  void write(long at, byte[] bytes, int length) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer, at + buffer.position());
      }
    } catch (IOException e) {
      throw new HdfSpoolException(e);
    }
  }

  void read(long at, byte[] into) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(into);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new IOException("a temporary file is too short");
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
