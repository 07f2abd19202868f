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
  static HdfSpool beside(Path file) throws IOException {
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

  void write(long at, byte[] bytes, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    while (buffer.hasRemaining()) {
      channel.write(buffer, at + buffer.position());
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
