package io.refinery.bundle;

import io.refinery.bundle.table.NamedFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of a ZIP under the names that a bundle gives them; none leads out of its folder. */
public final class ZipFiles implements NamedFiles, AutoCloseable {

  private final ZipDirectory directory;
  private final Map<String, ZipItem> items = new LinkedHashMap<>();

  private ZipFiles(ZipDirectory directory) {
    this.directory = directory;
    directory.items().stream()
        .filter(item -> !item.isFolder())
        .forEach(item -> items.put(item.name(), item));
  }

  /**
   * Opens a ZIP.
   *
   * @throws BundleException when it cannot be read, or holds names that no bundle may have
   */
  public static ZipFiles open(Path file) throws BundleException {
    return new ZipFiles(ZipDirectory.open(file, false));
  }

  @Override
  public List<String> names() {
    return List.copyOf(items.keySet());
  }

  /** Opens a file; its checksum is verified at the end. */
  @Override
  public InputStream open(String name) throws IOException {
    ZipItem item = items.get(name);
    return new EntryStream(directory.content(item), item, bytes -> {});
  }

  @Override
  public void close() throws IOException {
    directory.close();
  }
}
