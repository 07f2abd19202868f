package io.refinery.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

/** A folder on this machine for one piece of work, gone when it is over. */
public final class Workspace implements AutoCloseable {

  private final Path folder;

  private Workspace(Path folder) {
    this.folder = folder;
  }

  /**
   * @param parent made where it is missing
   * @param prefix of the folder's name
   */
  public static Workspace in(Path parent, String prefix) throws IOException {
    return new Workspace(Files.createTempDirectory(Files.createDirectories(parent), prefix));
  }

  /** A file of it, which may not be there yet. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() {
    try {
      delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("The folder " + folder + " cannot be removed", e);
    }
  }

  /**
   * Removes what processes that died left behind: folders in which nothing happened for a day.
   * Other processes may be using the younger ones.
   *
   * @throws UncheckedIOException when the folder cannot be used
   */
  public static void sweep(Path parent) {
    if (!Files.isDirectory(parent)) {
      return;
    }
    Instant yesterday = Instant.now().minus(1, ChronoUnit.DAYS);
    try (Stream<Path> folders = Files.list(parent)) {
      for (Path folder : (Iterable<Path>) folders::iterator) {
        if (Files.getLastModifiedTime(folder).toInstant().isBefore(yesterday)) {
          delete(folder);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The work folder %s cannot be used: %s".formatted(parent, e), e);
    }
  }

  /** Removes a folder and all that is in it, if it is there. */
  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException trouble)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
