package io.refinery.bundle;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The image files of the test resources, and ZIP bundles of them. */
final class TestImages {

  private TestImages() {}

  static Path fixture(String name) {
    try {
      return Path.of(TestImages.class.getResource("/images/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Makes a ZIP.
   *
   * @param entries {@code name=fixture} each, or a name alone for a file of text
   */
  static Path zip(Path file, String... entries) throws IOException {
    return zip(file, List.of(entries));
  }

  static Path zip(Path file, List<String> entries) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String entry : entries) {
        String[] parts = entry.split("=", 2);
        zip.putNextEntry(new ZipEntry(parts[0]));
        zip.write(
            parts.length == 1
                ? parts[0].getBytes(StandardCharsets.UTF_8)
                : Files.readAllBytes(fixture(parts[1])));
        zip.closeEntry();
      }
    }
    return file;
  }
}
