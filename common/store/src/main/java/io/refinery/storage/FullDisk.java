package io.refinery.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** Distinguishes a full disk from other failures, and says which folder is on it. */
public final class FullDisk {

  /** How Linux, macOS and Windows say it; Java has no exception type for it. */
  private static final List<String> MESSAGES =
      List.of("no space left on device", "quota exceeded", "not enough space on the disk");

  private static final String START = "The disk of ";

  private FullDisk() {}

  /** Returns whether a write failed because a disk of this machine is full. */
  public static boolean caused(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(cause -> cause instanceof IOException && saysSo(cause.getMessage()));
  }

  private static boolean saysSo(String message) {
    String text = Objects.toString(message, "").toLowerCase(Locale.ROOT);
    return MESSAGES.stream().anyMatch(text::contains);
  }

  /** Returns whether the failure's own message has this class's {@link #sentence}. */
  public static boolean isExplained(Throwable failure) {
    return Objects.toString(failure.getMessage(), "").contains(START);
  }

  /**
   * Returns {@code failure} with a message that names the folder and its free space if the disk is
   * full, and {@code failure} itself otherwise.
   *
   * @param folder where the write failed
   */
  public static IOException explained(IOException failure, Path folder) {
    return caused(failure) ? new IOException(sentence(folder) + ".", failure) : failure;
  }

  /**
   * Returns what is wrong and what to do, without a full stop.
   *
   * @param path a file or folder on the full disk; may be missing
   */
  public static String sentence(Path path) {
    Path folder = existing(path);
    return START
        + "%s is full (%d KiB free): make room there, or use a folder on another disk"
            .formatted(folder, usableBytes(folder) >> 10);
  }

  /**
   * Returns how much can still be written there.
   *
   * @param path a file or folder; may be missing
   * @return bytes; 0 if the system does not say
   */
  public static long usableBytes(Path path) {
    try {
      return Files.getFileStore(existing(path)).getUsableSpace();
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * Returns the absolute path of the nearest folder that exists.
   *
   * @param path a file or folder; may be missing
   */
  public static Path existing(Path path) {
    Path folder = path.toAbsolutePath();
    while (!Files.isDirectory(folder) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    return folder;
  }
}
