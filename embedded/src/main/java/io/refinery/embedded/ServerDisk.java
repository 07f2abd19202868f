package io.refinery.embedded;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The disk of the embedded servers: whether it is full, and what to say then. */
final class ServerDisk {

  /** What a new broker and store need at least: Kafka's first files, and some data. */
  static final long NEEDED_BYTES = 64L << 20;

  /** Below this, a fault in a mapped file means that the disk is full. */
  private static final long NOTHING_LEFT_BYTES = 1L << 20;

  /** How Linux, macOS and Windows say it; Java has no exception type for it. */
  private static final List<String> MESSAGES =
      List.of("No space left on device", "quota exceeded", "not enough space on the disk");

  private ServerDisk() {}

  /**
   * Returns whether a write to {@code folder} failed because its disk is full. Kafka maps files
   * into memory, and the JVM reports a write to a mapped file on a full disk as InternalError.
   */
  static boolean caused(Throwable failure, Path folder) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(
            cause ->
                cause instanceof InternalError
                    ? isBelow(folder, NOTHING_LEFT_BYTES)
                    : cause instanceof IOException && saysSo(cause.getMessage()));
  }

  private static boolean saysSo(String message) {
    return message != null && MESSAGES.stream().anyMatch(message::contains);
  }

  /** Returns whether less than {@code bytes} can be written; false if the system does not say. */
  static boolean isBelow(Path folder, long bytes) {
    try {
      FileStore store = Files.getFileStore(folder);
      return store.getTotalSpace() > 0 && store.getUsableSpace() < bytes;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns what is wrong and what to do. */
  static String sentence(Path folder) {
    return "The disk of "
        + folder
        + " is full ("
        + free(folder)
        + " free): make room there, or use a folder on another disk";
  }

  private static String free(Path folder) {
    try {
      return Files.getFileStore(folder).getUsableSpace() / 1024 + " KiB";
    } catch (IOException e) {
      return "nothing";
    }
  }
}
