package io.refinery.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A lock on one entry of a folder, held until it is closed or its process ends. Any thread may
 * close it, even more than once.
 */
public final class EntryLock implements AutoCloseable {

  private final LockFile file;
  private final long position;
  private final AtomicBoolean closed = new AtomicBoolean();

  EntryLock(LockFile file, long position) {
    this.file = file;
    this.position = position;
  }

  /**
   * Releases the entry.
   *
   * @throws UncheckedIOException when the operating system refuses to unlock it
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        file.release(position);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot unlock an entry of " + file + ": " + e, e);
      }
    }
  }
}
