package io.refinery.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder on this machine for one task, removed when it is closed. Its process owns it while it
 * runs: {@link #sweep} removes it only after its owner has died.
 */
public final class Workspace implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Workspace.class);

  private final Path folder;
  private final EntryLock owned;

  private Workspace(Path folder, EntryLock owned) {
    this.folder = folder;
    this.owned = owned;
  }

  /**
   * Creates a workspace that only this user can read.
   *
   * @param parent created if it is missing; also contains the file {@link EntryLocks#FILE}
   * @param prefix prefix of the folder's name
   */
  public static Workspace in(Path parent, String prefix) throws IOException {
    EntryLocks locks = EntryLocks.of(parent);
    while (true) {
      String name = prefix + UUID.randomUUID();
      // Locked before it exists, so that no sweep ever sees it without its owner.
      Optional<EntryLock> owned = locks.tryExclusive(name);
      if (owned.isPresent()) {
        return new Workspace(create(parent.resolve(name), owned.get()), owned.get());
      }
    }
  }

  private static Path create(Path folder, EntryLock owned) throws IOException {
    try {
      return Files.createDirectory(folder, privately(folder));
    } catch (IOException | RuntimeException e) {
      owned.close();
      throw e;
    }
  }

  private static FileAttribute<?>[] privately(Path folder) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Returns a file in the folder, which may not exist yet. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() {
    try {
      FileTrees.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove the folder " + folder, e);
    } finally {
      owned.close();
    }
  }

  /**
   * Removes what dead processes left behind: everything in {@code parent} that no process owns,
   * however new. Any number of processes may sweep at once. Files that cannot be removed are logged
   * and left.
   *
   * @param parent a folder that contains only workspaces; may be missing
   * @throws UncheckedIOException when the parent folder cannot be used
   */
  public static void sweep(Path parent) {
    if (!Files.isDirectory(parent)) {
      return;
    }
    try {
      EntryLocks locks = EntryLocks.of(parent);
      for (Path entry : entries(parent)) {
        locks.ifUnused(entry.getFileName().toString(), () -> remove(entry));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The work folder %s cannot be used: %s".formatted(parent, e), e);
    }
  }

  private static List<Path> entries(Path parent) throws IOException {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries
          .filter(entry -> !entry.getFileName().toString().equals(EntryLocks.FILE))
          .toList();
    }
  }

  private static void remove(Path leftover) {
    try {
      FileTrees.delete(leftover);
    } catch (IOException e) {
      log.warn("Cannot remove {}, which a dead process left behind", leftover, e);
    }
  }
}
