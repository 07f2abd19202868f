package io.refinery.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/**
 * The files and folders of a ZIP in the order of its directory, which is checked when it is opened
 * and kept in memory: RATIONALE.md says how much that is.
 */
final class ZipDirectory implements AutoCloseable {

  private static final Set<ZipMethod> READABLE =
      Set.of(
          ZipMethod.STORED,
          ZipMethod.DEFLATED,
          ZipMethod.ENHANCED_DEFLATED,
          ZipMethod.BZIP2,
          ZipMethod.IMPLODING,
          ZipMethod.UNSHRINKING);

  /** Names of other methods that are in use. */
  private static final Map<Integer, String> METHODS =
      Map.of(
          14, "LZMA", 93, "Zstandard", 95, "xz", 96, "JPEG", 97, "WavPack", 98, "PPMd", 99, "AES");

  private final ZipFile zip;
  private final List<ZipItem> items;
  private final byte[] comment;
  private final long unused;

  private ZipDirectory(ZipFile zip, List<ZipItem> items, byte[] comment, long unused) {
    this.zip = zip;
    this.items = items;
    this.comment = comment;
    this.unused = unused;
  }

  /**
   * Opens a ZIP.
   *
   * @param whole whether to read what entries have before their data, which only a copy needs
   */
  static ZipDirectory open(Path file, boolean whole) throws BundleException {
    return ParserErrors.guard(
        "The ZIP file",
        () -> {
          ZipFile zip = zip(file, whole);
          try (FileChannel channel = FileChannel.open(file)) {
            ZipEnd end = ZipEnd.read(channel);
            List<ZipItem> items = items(zip);
            if (!end.agreesWith(items.size())) {
              throw ParserErrors.unreadable(
                  "The ZIP file declares "
                      + end.entries()
                      + " entries, but its directory has "
                      + items.size());
            }
            long unused = new LocalHeaders(channel).check(items, end.at());
            return new ZipDirectory(zip, items, end.comment(), unused);
          } catch (BundleException | IOException | RuntimeException | Error e) {
            zip.close();
            throw e;
          }
        });
  }

  private static ZipFile zip(Path file, boolean whole) throws IOException {
    FileChannel channel = FileChannel.open(file);
    try {
      return ZipFile.builder()
          .setSeekableByteChannel(channel)
          .setCharset(ZipNames.RAW)
          .setUseUnicodeExtraFields(false)
          .setIgnoreLocalFileHeader(!whole)
          .get();
    } catch (IOException | RuntimeException | Error e) {
      // The library leaves it open.
      channel.close();
      throw e;
    }
  }

  private static List<ZipItem> items(ZipFile zip) throws BundleException {
    List<ZipItem> items = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
      ZipItem item = new ZipItem(entry, ZipNames.path(entry));
      requireReadable(item);
      if (!names.add(item.name()) && !item.isFolder()) {
        throw new BundleException(
            BundleFault.AMBIGUOUS,
            "The ZIP file has two files '"
                + ZipBundle.printable(item.name())
                + "'; remove or rename one of them");
      }
      items.add(item);
    }
    return Collections.unmodifiableList(items);
  }

  private static void requireReadable(ZipItem item) throws BundleException {
    ZipArchiveEntry entry = item.entry();
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      throw unsupported(item, "is encrypted; make the ZIP file without a password");
    }
    if (entry.getDiskNumberStart() != 0) {
      throw unsupported(item, "is in another part of a split ZIP file; join the parts");
    }
    ZipMethod method = ZipMethod.getMethodByCode(entry.getMethod());
    if (method == null || !READABLE.contains(method)) {
      throw unsupported(
          item,
          "is compressed with method "
              + METHODS.getOrDefault(entry.getMethod(), Integer.toString(entry.getMethod()))
              + ", which cannot be read; make the ZIP file with deflate");
    }
    if (entry.getMethod() == ZipEntry.STORED && entry.getSize() != entry.getCompressedSize()) {
      throw ParserErrors.unreadable(item.where() + " has two different sizes in the ZIP file");
    }
  }

  private static BundleException unsupported(ZipItem item, String problem) {
    return new BundleException(BundleFault.UNSUPPORTED, item.where() + " " + problem);
  }

  List<ZipItem> items() {
    return items;
  }

  /** Returns the comment of the whole ZIP, as it is stored. */
  byte[] comment() {
    return comment.clone();
  }

  /** Returns how many bytes between the entries belong to none of them. */
  long unused() {
    return unused;
  }

  /** Returns an entry's content, which is not checked. */
  InputStream content(ZipItem item) throws IOException {
    return zip.getInputStream(item.entry());
  }

  /** Returns an entry's content as it is stored. */
  InputStream stored(ZipItem item) throws IOException {
    return zip.getRawInputStream(item.entry());
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
