package io.refinery.worker;

import io.refinery.engine.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lock that reserves a GPU for one worker of this machine: two would only wait for each other and
 * share its memory. The lock ends with the process, even after a crash.
 */
final class DeviceLock implements AutoCloseable {

  /** The folder of the lock files, the same for all workers of this machine. */
  static final Path FOLDER = Path.of(System.getProperty("java.io.tmpdir"));

  /** Beyond the file's content, so that other processes can read the content. */
  private static final long LOCKED_BYTE = 1L << 30;

  /**
   * Files that this process has locked. By POSIX rules, closing a second channel of such a file
   * would release its lock.
   */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel file;

  private DeviceLock(Path path, FileChannel file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Locks a GPU. Any number of workers may share a CPU.
   *
   * @return empty for a CPU
   * @throws DeviceTakenException naming the process that uses it
   * @throws UncheckedIOException when the lock file cannot be used
   */
  static Optional<DeviceLock> take(Device device, Path folder) {
    if (!(device instanceof Device.Cuda cuda)) {
      return Optional.empty();
    }
    Path path = folder.resolve("refinery-cuda-" + cuda.number() + ".lock").toAbsolutePath();
    String own = Long.toString(ProcessHandle.current().pid());
    if (!OWN.add(path)) {
      throw new DeviceTakenException(device, own, path);
    }
    try {
      return Optional.of(new DeviceLock(path, open(device, path, own)));
    } catch (IOException e) {
      OWN.remove(path);
      throw new UncheckedIOException(
          "Cannot lock " + device + " by the file " + path + ": " + e, e);
    } catch (DeviceTakenException e) {
      OWN.remove(path);
      throw e;
    }
  }

  private static FileChannel open(Device device, Path path, String own) throws IOException {
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (file.tryLock(LOCKED_BYTE, 1, false) == null) {
        throw new DeviceTakenException(device, Files.readString(path), path);
      }
      file.truncate(0).write(ByteBuffer.wrap(own.getBytes(StandardCharsets.UTF_8)));
      return file;
    } catch (IOException | DeviceTakenException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
    OWN.remove(path);
  }
}
