package io.refinery.delivery;

import io.refinery.storage.FullDisk;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** The disk of a service's work folder: whether a service that met a full disk has room again. */
final class WorkDisk {

  /** A service needs more than what a failed request's own files give back. */
  private static final long NEEDED_BYTES = 64L << 20;

  /** The share of a small disk that is enough. */
  private static final int SHARE = 10;

  /**
   * @param total bytes of the disk; 0 if the system does not say
   * @param usable bytes that can still be written
   */
  record Room(long total, long usable) {}

  @FunctionalInterface
  interface Measure {
    Room room() throws IOException;
  }

  private final Path folder;
  private final Measure measure;

  /**
   * @param folder may be missing
   */
  static WorkDisk of(Path folder) {
    return new WorkDisk(
        folder,
        () -> {
          FileStore disk = Files.getFileStore(FullDisk.existing(folder));
          return new Room(disk.getTotalSpace(), disk.getUsableSpace());
        });
  }

  WorkDisk(Path folder, Measure measure) {
    this.folder = folder;
    this.measure = measure;
  }

  /**
   * @throws IOException when the disk is full: it has less than 64 MiB left, or less than a tenth
   *     if it is smaller than 640 MiB
   */
  void requireRoom() throws IOException {
    Room room = measure.room();
    if (room.total() > 0 && room.usable() < Math.min(NEEDED_BYTES, room.total() / SHARE)) {
      throw new IOException(FullDisk.sentence(folder) + ".");
    }
  }
}
