package io.refinery.registry;

import io.refinery.storage.EntryLocks;
import io.refinery.storage.FileTrees;
import io.refinery.storage.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a cache of versions within a number of bytes: removes those that were not used for the
 * longest time, by their folders' times, but none that a process of this machine has open. Leaves
 * everything else alone that lies in the cache's folder.
 */
final class CacheEviction {

  private static final Logger log = LoggerFactory.getLogger(CacheEviction.class);

  private static final String INCOMING = ".incoming";
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}-[0-9a-f]{16}");

  private final Path cache;
  private final long maxBytes;

  /**
   * @param maxBytes that all versions' files may take; versions in use may take more
   */
  CacheEviction(Path cache, long maxBytes) {
    this.cache = cache;
    this.maxBytes = maxBytes;
  }

  /** What a version's folder is locked by. */
  static String entry(String model, String folder) {
    return model + "/" + folder;
  }

  /** Where downloads lie until they are complete. */
  Path incoming() {
    return cache.resolve(INCOMING);
  }

  private record Entry(String name, Path folder, FileTime lastUse, long bytes) {}

  /** Removes what is too much, and downloads of processes that died. What fails is logged. */
  void run() {
    try {
      Workspace.sweep(incoming());
      EntryLocks locks = EntryLocks.of(cache);
      // By one process at a time: two that counted the same bytes would remove too much.
      locks.ifUnused(INCOMING, () -> evict(locks));
    } catch (IOException | UncheckedIOException e) {
      log.warn("The cache of models in {} cannot be tidied", cache, e);
    }
  }

  private void evict(EntryLocks locks) throws IOException {
    List<Entry> entries = entries();
    entries.sort(Comparator.comparing(Entry::lastUse));
    long bytes = entries.stream().mapToLong(Entry::bytes).sum();
    for (Entry entry : entries) {
      if (bytes <= maxBytes) {
        return;
      }
      locks.ifUnused(entry.name(), () -> removeIfIdle(entry));
      if (!Files.exists(entry.folder())) {
        bytes -= entry.bytes();
      }
    }
  }

  /** Another process may have used it since it was looked at. */
  private static void removeIfIdle(Entry entry) throws IOException {
    try {
      if (Files.getLastModifiedTime(entry.folder()).equals(entry.lastUse())) {
        FileTrees.delete(entry.folder());
        log.info("{} is removed from the cache, with {} bytes", entry.name(), entry.bytes());
      }
    } catch (NoSuchFileException e) {
      log.debug("{} is gone", entry.name());
    }
  }

  private List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path model : children(cache)) {
      for (Path folder : children(model)) {
        if (VERSION.matcher(folder.getFileName().toString()).matches()) {
          String name = entry(model.getFileName().toString(), folder.getFileName().toString());
          entries.add(
              new Entry(name, folder, Files.getLastModifiedTime(folder), bytes(children(folder))));
        }
      }
    }
    return entries;
  }

  private static List<Path> children(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList();
    }
  }

  private static long bytes(List<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return bytes;
  }
}
