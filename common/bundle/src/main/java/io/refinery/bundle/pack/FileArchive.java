package io.refinery.bundle.pack;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Puts the files of a folder or tar into a ZIP, so that there is one way to read them. */
final class FileArchive {

  private FileArchive() {}

  /**
   * @param source a folder, or a tar, perhaps compressed with gzip
   * @param zip the file to write
   */
  static void write(Path source, Path zip) throws IOException {
    try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(zip));
        ZipArchiveOutputStream archive = new ZipArchiveOutputStream(stream)) {
      // Image files are compressed already.
      archive.setLevel(0);
      if (Files.isDirectory(source)) {
        addFolder(source, archive);
      } else {
        addTar(source, archive);
      }
    }
  }

  private static void addFolder(Path folder, ZipArchiveOutputStream archive) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(folder)) {
      files = found.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      String name = folder.relativize(file).toString().replace('\\', '/');
      try (InputStream content = Files.newInputStream(file)) {
        add(name, content, archive);
      }
    }
  }

  private static void addTar(Path tar, ZipArchiveOutputStream archive) throws IOException {
    String name = tar.toString().toLowerCase(Locale.ROOT);
    boolean gzip = name.endsWith(".gz") || name.endsWith(".tgz");
    try (InputStream file = new BufferedInputStream(Files.newInputStream(tar));
        TarArchiveInputStream entries =
            new TarArchiveInputStream(gzip ? new GZIPInputStream(file) : file)) {
      for (TarArchiveEntry entry = entries.getNextEntry();
          entry != null;
          entry = entries.getNextEntry()) {
        if (entry.isFile()) {
          add(withoutDot(entry.getName()), entries, archive);
        } else if (!entry.isDirectory()) {
          throw new IOException(
              "'" + entry.getName() + "' is a link or device, which a bundle cannot hold");
        }
      }
    }
  }

  private static String withoutDot(String name) {
    return name.startsWith("./") ? name.substring(2) : name;
  }

  private static void add(String name, InputStream content, ZipArchiveOutputStream archive)
      throws IOException {
    archive.putArchiveEntry(new ZipArchiveEntry(name));
    content.transferTo(archive);
    archive.closeArchiveEntry();
  }
}
