package io.refinery.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * This process's locks on bytes of one file. The whole JVM uses one channel: when a process closes
 * any channel of a file, POSIX drops all its locks on that file.
 */
final class LockFile {

  /** Files on which this process holds locks; also guards their state. */
  private static final Map<Path, LockFile> OPEN = new HashMap<>();

  private final Path path;
  private final FileChannel channel;
  private final Map<Long, Held> held = new HashMap<>();

  private LockFile(Path path) throws IOException {
    this.path = path;
    this.channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** A lock of this process and the number of its owners here. */
  private static final class Held {
    private final FileLock lock;
    private int owners = 1;

    Held(FileLock lock) {
      this.lock = lock;
    }
  }

  /**
   * Takes the lock on one byte unless this or another process holds a conflicting one.
   *
   * @param path real path of the file, which is created if it is missing
   * @throws IOException also when the file system has no locks
   */
  static Optional<EntryLock> tryTake(Path path, long position, boolean shared) throws IOException {
    synchronized (OPEN) {
      LockFile file = OPEN.get(path);
      if (file == null) {
        file = new LockFile(path);
        OPEN.put(path, file);
      }
      try {
        return file.take(position, shared)
            ? Optional.of(new EntryLock(file, position))
            : Optional.empty();
      } finally {
        file.closeIfIdle();
      }
    }
  }

  private boolean take(long position, boolean shared) throws IOException {
    Held here = held.get(position);
    if (here != null) {
      if (!shared || !here.lock.isShared()) {
        return false;
      }
      here.owners++;
      return true;
    }
    try {
      // Unlike lock, tryLock does not close the channel of an interrupted thread.
      FileLock lock = channel.tryLock(position, 1, shared);
      if (lock == null) {
        return false;
      }
      held.put(position, new Held(lock));
      return true;
    } catch (OverlappingFileLockException e) {
      return false; // Held by classes of another class loader.
    }
  }

  void release(long position) throws IOException {
    synchronized (OPEN) {
      Held here = held.get(position);
      here.owners--;
      if (here.owners > 0) {
        return;
      }
      held.remove(position);
      try {
        here.lock.release();
      } finally {
        closeIfIdle();
      }
    }
  }

  private void closeIfIdle() throws IOException {
    if (held.isEmpty()) {
      OPEN.remove(path);
      channel.close();
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
