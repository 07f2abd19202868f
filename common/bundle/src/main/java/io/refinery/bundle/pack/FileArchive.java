package io.refinery.bundle.pack;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Puts the files of a folder or tar into a ZIP, so that there is one way to read them. */
final class FileArchive {

  private static final int CHUNK = 1 << 16;

  private FileArchive() {}

  /**
   * @param source a folder, or a tar, perhaps compressed with gzip
   * @param zip the file to write
   * @throws BundleException when the source cannot be read
   */
  static void write(Path source, Path zip) throws BundleException, IOException {
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

  private static void addFolder(Path folder, ZipArchiveOutputStream archive)
      throws BundleException, IOException {
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

  private static void addTar(Path tar, ZipArchiveOutputStream archive)
      throws BundleException, IOException {
    String name = tar.toString().toLowerCase(Locale.ROOT);
    boolean gzip = name.endsWith(".gz") || name.endsWith(".tgz");
    try (InputStream file = new BufferedInputStream(Files.newInputStream(tar));
        TarArchiveInputStream entries = new TarArchiveInputStream(gzip ? gunzipped(file) : file)) {
      for (Optional<TarArchiveEntry> next = next(entries); next.isPresent(); next = next(entries)) {
        TarArchiveEntry entry = next.get();
        if (entry.isSparse() || !(entry.isFile() || entry.isDirectory())) {
          throw new BundleException(
              BundleFault.UNSUPPORTED,
              "'"
                  + entry.getName()
                  + "' is a link, a device or a sparse file, which a bundle cannot hold");
        }
        if (entry.isFile()) {
          add(withoutDot(entry.getName()), entries, archive);
        }
      }
    }
  }

  private static InputStream gunzipped(InputStream file) throws BundleException {
    try {
      return new GZIPInputStream(file);
    } catch (IOException e) {
      throw unreadable("The tar", e);
    }
  }

  private static Optional<TarArchiveEntry> next(TarArchiveInputStream entries)
      throws BundleException {
    try {
      return Optional.ofNullable(entries.getNextEntry());
    } catch (IOException | RuntimeException e) {
      throw unreadable("The tar", e);
    }
  }

  private static BundleException unreadable(String what, Exception e) {
    return new BundleException(
        BundleFault.UNREADABLE, what + " is corrupt or truncated: " + e.getMessage(), e);
  }

  private static String withoutDot(String name) {
    return name.startsWith("./") ? name.substring(2) : name;
  }

  private static void add(String name, InputStream content, ZipArchiveOutputStream archive)
      throws BundleException, IOException {
    archive.putArchiveEntry(new ZipArchiveEntry(name));
    byte[] chunk = new byte[CHUNK];
    for (int read = read(name, content, chunk); read >= 0; read = read(name, content, chunk)) {
      archive.write(chunk, 0, read);
    }
    archive.closeArchiveEntry();
  }

  private static int read(String name, InputStream content, byte[] chunk) throws BundleException {
    try {
      return content.read(chunk);
    } catch (IOException | RuntimeException e) {
      throw unreadable("'" + name + "'", e);
    }
  }
}
