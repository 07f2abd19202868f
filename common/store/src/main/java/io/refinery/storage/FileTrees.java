package io.refinery.storage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Folders and all their content. */
public final class FileTrees {

  private FileTrees() {}

  /**
   * Removes a file, or a folder and all its content. Files that are missing or vanish meanwhile are
   * not an error.
   */
  public static void delete(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException trouble)
              throws IOException {
            return continueIfGone(trouble);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException trouble)
              throws IOException {
            if (trouble != null) {
              return continueIfGone(trouble);
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static FileVisitResult continueIfGone(IOException trouble) throws IOException {
    if (trouble instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw trouble;
  }
}
