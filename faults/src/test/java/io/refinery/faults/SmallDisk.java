package io.refinery.faults;

import io.refinery.storage.FullDisk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A small file system in memory (tmpfs), which can be filled up, and freed again. */
final class SmallDisk implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SmallDisk.class);

  private static final Path MOUNTS = Path.of("/proc/self/mounts");
  private static final byte[] BLOCK = new byte[1 << 16];
  private static final long SECONDS = 30;

  private final Path folder;
  private final Path filler;

  private SmallDisk(Path folder) {
    this.folder = folder;
    this.filler = folder.resolve("filler");
  }

  /**
   * Mounts a disk; empty where this process may not, or cannot.
   *
   * @param folder is created
   */
  static Optional<SmallDisk> mount(Path folder, int mebibytes) throws IOException {
    Files.createDirectories(folder);
    String size = "size=" + mebibytes + "m,mode=700";
    Optional<String> refusal =
        run("mount", "-t", "tmpfs", "-o", size, "refinery-faults", folder.toString());
    if (refusal.isPresent()) {
      log.warn("{} cannot be a small disk, so it is never full: {}", folder, refusal.get());
      return Optional.empty();
    }
    return Optional.of(new SmallDisk(folder));
  }

  /** Unmounts the disks in a folder that killed runs have left. */
  static void sweep(Path folder) throws IOException {
    if (!Files.isReadable(MOUNTS)) {
      return;
    }
    for (String mount : Files.readAllLines(MOUNTS)) {
      Path at = Path.of(mount.split(" ", -1)[1].replace("\\040", " "));
      if (at.startsWith(folder)) {
        unmount(at);
      }
    }
  }

  /** Writes until nothing more can be written. */
  void fill() throws IOException {
    try (OutputStream out =
        Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        out.write(BLOCK);
      }
    } catch (IOException e) {
      if (!FullDisk.caused(e)) {
        throw e;
      }
    }
  }

  /** Makes room. */
  void free() throws IOException {
    Files.deleteIfExists(filler);
  }

  private static void unmount(Path at) {
    // Lazily, because processes that use it may not have ended yet.
    run("umount", "-l", at.toString())
        .ifPresent(refusal -> log.warn("{} is left mounted: {}", at, refusal));
  }

  /** Runs a command, and returns why it failed. */
  private static Optional<String> run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
        return Optional.empty();
      }
      return Optional.of(said);
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  @Override
  public void close() {
    unmount(folder);
  }
}
