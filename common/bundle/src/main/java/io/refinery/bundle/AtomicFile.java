package io.refinery.bundle;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that appears under its name only once it is complete. */
final class AtomicFile implements AutoCloseable {

  private final Path target;
  private final Path pending;
  private final FileChannel channel;

  private AtomicFile(Path target, Path pending, FileChannel channel) {
    this.target = target;
    this.pending = pending;
    this.channel = channel;
  }

  static AtomicFile beside(Path target) throws IOException {
    Path whole = target.toAbsolutePath();
    Path pending =
        whole.resolveSibling("." + whole.getFileName() + "." + System.nanoTime() + ".part");
    FileChannel channel =
        FileChannel.open(
            pending,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    return new AtomicFile(whole, pending, channel);
  }

  FileChannel channel() {
    return channel;
  }

  /** Closes the file and moves it to its final name, replacing any existing file. */
  void publish() throws IOException {
    channel.close();
    try {
      Files.move(pending, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(pending, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Deletes the file unless it was published. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(pending);
  }
}
