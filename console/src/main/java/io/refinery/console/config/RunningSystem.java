package io.refinery.console.config;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * A system that {@code refinery up} keeps running on this machine, as a file in the home folder
 * tells other commands. A file left by a process that is gone tells nothing.
 *
 * @param process its process id
 * @param properties the settings that lead to it
 */
public record RunningSystem(long process, Map<String, String> properties) {

  private static final String FILE = "up.properties";
  private static final String PROCESS = "process";

  /** The system that runs now, if there is one. */
  public static Optional<RunningSystem> find(Path home) {
    Properties read = new Properties();
    try (Reader reader = Files.newBufferedReader(home.resolve(FILE))) {
      read.load(reader);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(home.resolve(FILE) + " cannot be read", e);
    }
    Map<String, String> properties =
        read.stringPropertyNames().stream()
            .filter(name -> !name.equals(PROCESS))
            .collect(Collectors.toMap(name -> name, read::getProperty));
    long process = Long.parseLong(read.getProperty(PROCESS, "0"));
    boolean alive = ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
    return alive ? Optional.of(new RunningSystem(process, properties)) : Optional.empty();
  }

  /** Tells other commands of this system; the file is readable by its owner alone. */
  public void announce(Path home) throws IOException {
    Files.createDirectories(home);
    Properties written = new Properties();
    written.putAll(properties);
    written.setProperty(PROCESS, Long.toString(process));
    Path temporary = Files.createTempFile(home, FILE, ".tmp");
    if (Files.getFileStore(temporary).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
    }
    try (Writer writer = Files.newBufferedWriter(temporary)) {
      written.store(writer, "Written by refinery up; gone when it ends");
    }
    Files.move(
        temporary,
        home.resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Takes the announcement back. */
  public static void withdraw(Path home) throws IOException {
    Files.deleteIfExists(home.resolve(FILE));
  }
}
