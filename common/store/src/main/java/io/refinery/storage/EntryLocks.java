package io.refinery.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Locks on the entries of a folder that many processes of a machine share. A lock is held until it
 * is closed or its process ends, even by a crash, so an entry's age need not show whether its owner
 * is alive. An entry is identified by its name and need not exist yet. Thread-safe.
 *
 * <p>Each entry's lock is one byte, far behind the end, of the file {@link #FILE} in the folder.
 * That file is never removed. If each entry had a lock file that is removed with the entry, a
 * process could hold the lock on the removed file while another one creates it again and holds
 * that.
 */
public final class EntryLocks {

  /** The file in the folder that carries the locks; it is not an entry. */
  public static final String FILE = ".lock";

  private static final long WAIT_MILLIS = 20;

  private final Path folder;

  private EntryLocks(Path folder) {
    this.folder = folder;
  }

  /**
   * Returns the locks of a folder.
   *
   * @param folder created if it is missing
   */
  public static EntryLocks of(Path folder) throws IOException {
    return new EntryLocks(Files.createDirectories(folder).toRealPath());
  }

  /** An action on a file, which may fail. */
  @FunctionalInterface
  public interface Action {
    void run() throws IOException;
  }

  /**
   * Locks an entry for one owner.
   *
   * @return empty if this or another process holds a lock on it
   * @throws IOException also when the file system has no locks
   */
  public Optional<EntryLock> tryExclusive(String entry) throws IOException {
    return tryTake(entry, false);
  }

  /**
   * Locks an entry together with any number of other users in this and other processes. Waits while
   * one of them holds it exclusively.
   *
   * @throws InterruptedIOException when the thread is interrupted while it waits
   * @throws IOException also when the file system has no locks
   */
  public EntryLock shared(String entry) throws IOException {
    while (true) {
      Optional<EntryLock> lock = tryTake(entry, true);
      if (lock.isPresent()) {
        return lock.get();
      }
      try {
        Thread.sleep(WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("Interrupted while waiting for " + folder.resolve(entry));
      }
    }
  }

  /**
   * Runs an action on an unused entry while holding it exclusively.
   *
   * @return whether the action ran; false if a lock is held on the entry
   */
  public boolean ifUnused(String entry, Action action) throws IOException {
    Optional<EntryLock> lock = tryExclusive(entry);
    if (lock.isEmpty()) {
      return false;
    }
    try {
      action.run();
    } finally {
      lock.get().close();
    }
    return true;
  }

  private Optional<EntryLock> tryTake(String entry, boolean shared) throws IOException {
    try {
      return LockFile.tryTake(folder.resolve(FILE), position(entry), shared);
    } catch (IOException e) {
      throw new IOException(
          "Cannot lock %s by %s; the file system must support file locks: %s"
              .formatted(entry, folder.resolve(FILE), e),
          e);
    }
  }

  /** 62 bits of the name's hash: two names in a folder do not collide in practice. */
  private static long position(String entry) {
    byte[] hash = HexFormat.of().parseHex(Sha256.of(entry.getBytes(StandardCharsets.UTF_8)));
    return ByteBuffer.wrap(hash).getLong() >>> 2;
  }
}
