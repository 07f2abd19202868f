package io.refinery.bundle;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * Writes a ZIP of PNG files with 8 bits per channel, stored without further compression, preceded
 * by {@code labels.csv}. The same images give the same bytes.
 *
 * <p>The directory is in memory until it is written; see RATIONALE.md.
 */
final class ZipBundleWriter implements BundleWriter {

  /** The earliest date that a ZIP can store. */
  private static final LocalDateTime DATE = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** The images' names in order, one per image, all different. */
  @FunctionalInterface
  interface Names {
    String next() throws BundleException;
  }

  /** The content of a ZIP other than the images, and the images' names. */
  interface Contents extends AutoCloseable {

    Names names() throws BundleException;

    /** Writes labels.csv, if there is one. */
    void writeLabels(ZipArchiveOutputStream zip) throws BundleException, IOException;

    @Override
    void close();
  }

  private final AtomicFile file;
  private final ZipArchiveOutputStream zip;
  private final Contents contents;
  private final ImageCounter counter;
  private final Pixels encoder;
  private final ImageCodec codec = new ImageCodec();
  private final Names names;

  private ZipBundleWriter(
      AtomicFile file, ZipArchiveOutputStream zip, ImageShape shape, long count, Contents contents)
      throws BundleException {
    this.file = file;
    this.zip = zip;
    this.contents = contents;
    this.counter = new ImageCounter(shape, count);
    this.encoder = Pixels.bytes(shape);
    this.names = contents.names();
  }

  /**
   * Starts a ZIP.
   *
   * @param contents closed with the writer, or when this fails
   */
  static ZipBundleWriter open(
      Path target, ImageShape shape, long count, Contents contents, Provenance provenance)
      throws BundleException, IOException {
    AtomicFile file = null;
    try {
      String comment = ZipComment.of(provenance);
      file = AtomicFile.beside(target);
      ZipArchiveOutputStream zip = stream(file);
      zip.setComment(comment);
      contents.writeLabels(zip);
      return new ZipBundleWriter(file, zip, shape, count, contents);
    } catch (BundleException | IOException | RuntimeException | Error e) {
      contents.close();
      if (file != null) {
        file.close();
      }
      throw e;
    }
  }

  /** Returns an entry with a fixed time, so that equal content gives equal bytes. */
  static ZipArchiveEntry entry(String name) {
    ZipArchiveEntry entry = new OwnEntry(name);
    entry.setTime(DATE.atZone(ZoneId.systemDefault()).toInstant().toEpochMilli());
    return entry;
  }

  /**
   * Its library keeps entries by their hash, and hashes of names that somebody chose may collide.
   */
  private static final class OwnEntry extends ZipArchiveEntry {

    OwnEntry(String name) {
      super(name);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  @Override
  public void write(ImageBatch images) throws IOException {
    counter.requireNumbers(images);
    write(LevelBatch.of(images));
  }

  @Override
  public void write(LevelBatch images) throws IOException {
    counter.add(images.shape(), images.count());
    ImageShape shape = images.shape();
    for (int i = 0; i < images.count(); i++) {
      byte[] bytes = new byte[encoder.bytes()];
      encoder.encode(images.levels(), i * shape.values(), bytes, 0);
      byte[] png = codec.encode(shape, bytes, List.of());
      store(zip, entry(nextName()), png);
    }
  }

  /** Writes a file without compression. */
  static void store(ZipArchiveOutputStream zip, ZipArchiveEntry entry, byte[] content)
      throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putArchiveEntry(entry);
    zip.write(content);
    zip.closeArchiveEntry();
  }

  static ZipArchiveOutputStream stream(AtomicFile file) {
    return new ZipArchiveOutputStream(
        new BufferedOutputStream(Channels.newOutputStream(file.channel()), 1 << 16));
  }

  private String nextName() throws IOException {
    try {
      return names.next();
    } catch (BundleException e) {
      throw new IOException("The name of an image cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void finish() throws IOException {
    counter.checkComplete();
    zip.close();
    file.publish();
  }

  @Override
  public void close() throws IOException {
    codec.close();
    contents.close();
    file.close();
  }
}
