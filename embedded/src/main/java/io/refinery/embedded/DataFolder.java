package io.refinery.embedded;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;

/**
 * The folder of the servers' data, ports, keys and log. Only one process can open it at a time. A
 * file {@code kafka.properties} that somebody puts there overrides the nodes' settings.
 */
final class DataFolder implements AutoCloseable {

  static final String LOG = "servers.log";

  private static final String LOCK = "lock";
  private static final String SETTINGS = "servers.properties";
  private static final String ENDPOINTS = "endpoints.properties";
  private static final String SECRET = "secret";
  private static final String KAFKA = "kafka.properties";
  private static final int SECRET_BYTES = 30;

  private final Path folder;
  private final FileChannel lock;

  private DataFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Opens a data folder, creating it if necessary.
   *
   * @throws IllegalStateException when another process has it open
   */
  static DataFolder open(Path folder) throws IOException {
    Files.createDirectories(folder);
    FileChannel channel =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw new IllegalStateException(
          "The data folder "
              + folder
              + " is open in another process: stop that process or use another folder");
    }
    return new DataFolder(folder, channel);
  }

  /** Returns what {@link #announce} wrote, if the process that wrote it is still running. */
  static Optional<Endpoints> running(Path folder) {
    Path file = folder.resolve(ENDPOINTS);
    Path lock = folder.resolve(LOCK);
    if (!Files.exists(file) || !Files.exists(lock)) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock free = channel.tryLock()) {
      return free == null ? Optional.of(Endpoints.of(load(file))) : Optional.empty();
    } catch (IOException e) {
      throw new EmbeddedServersException("Cannot read " + file + ": " + e, e);
    }
  }

  Path kafka() {
    return folder.resolve("kafka");
  }

  Path s3() {
    return folder.resolve("s3");
  }

  /** Returns the settings that {@link #keep} stored; empty in a new folder. */
  Properties settings() throws IOException {
    Path file = folder.resolve(SETTINGS);
    return Files.exists(file) ? load(file) : new Properties();
  }

  /** Returns settings of every Kafka node that override those of this program; usually none. */
  Properties kafkaSettings() throws IOException {
    Path file = folder.resolve(KAFKA);
    return Files.exists(file) ? load(file) : new Properties();
  }

  void keep(Properties settings) throws IOException {
    try (Writer writer = Files.newBufferedWriter(folder.resolve(SETTINGS))) {
      settings.store(writer, null);
    }
  }

  static Path secretFile(Path folder) {
    return folder.resolve(SECRET);
  }

  /** Returns the S3 server's secret key: random, created once, readable only by the owner. */
  String secret() throws IOException {
    Path file = secretFile(folder);
    if (!Files.exists(file)) {
      byte[] random = new byte[SECRET_BYTES];
      new SecureRandom().nextBytes(random);
      createPrivate(file);
      Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    }
    return Files.readString(file).strip();
  }

  /** Lets other processes of the same user find the servers until this folder is closed. */
  void announce(Endpoints endpoints) throws IOException {
    Path file = folder.resolve(ENDPOINTS);
    Files.deleteIfExists(file);
    createPrivate(file);
    try (Writer writer = Files.newBufferedWriter(file)) {
      endpoints.toProperties().store(writer, null);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(folder.resolve(ENDPOINTS));
    lock.close();
  }

  /** Creates an empty file that only its owner can read. */
  static void createPrivate(Path file) throws IOException {
    if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(file);
    }
  }

  private static Properties load(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return properties;
  }
}
