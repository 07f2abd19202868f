package io.refinery.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a ZIP of PNG files with 8 bits per channel, stored without further compression, preceded
 * by {@code labels.csv}. The same images give the same bytes.
 *
 * <p>The JDK holds the directory in memory until it is written; see RATIONALE.md.
 */
final class ZipBundleWriter implements BundleWriter {

  /** The earliest date that a ZIP can store. */
  private static final LocalDateTime DATE = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** Longest comment of a ZIP, in bytes. */
  private static final int LONGEST_COMMENT = 0xFFFF;

  /** The images' names in order, one per image, all different. */
  @FunctionalInterface
  interface Names {
    String next() throws BundleException;
  }

  /** The content of a ZIP other than the images, and the images' names. */
  interface Contents extends AutoCloseable {

    Names names() throws BundleException;

    /** Writes labels.csv, if there is one. */
    void writeLabels(ZipOutputStream zip) throws BundleException, IOException;

    @Override
    void close();
  }

  private final AtomicFile file;
  private final ZipOutputStream zip;
  private final Contents contents;
  private final ImageCounter counter;
  private final Pixels encoder;
  private final ImageCodec codec = new ImageCodec();
  private final Names names;

  private ZipBundleWriter(
      AtomicFile file, ZipOutputStream zip, ImageShape shape, long count, Contents contents)
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
      String comment = comment(provenance);
      file = AtomicFile.beside(target);
      ZipOutputStream zip =
          new ZipOutputStream(
              new BufferedOutputStream(Channels.newOutputStream(file.channel()), 1 << 16));
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

  private static String comment(Provenance provenance) throws JsonProcessingException {
    String comment = new ObjectMapper().writeValueAsString(provenance.attributes());
    int bytes = comment.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LONGEST_COMMENT) {
      throw new IllegalArgumentException(
          "The provenance has "
              + bytes
              + " bytes; the comment of a ZIP holds at most "
              + LONGEST_COMMENT);
    }
    return comment;
  }

  /** Returns an entry with a fixed time, so that equal content gives equal bytes. */
  static ZipEntry entry(String name) {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(DATE);
    return entry;
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
      byte[] png = codec.encode(shape, bytes);
      CRC32 checksum = new CRC32();
      checksum.update(png);
      ZipEntry entry = entry(nextName());
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(png.length);
      entry.setCrc(checksum.getValue());
      zip.putNextEntry(entry);
      zip.write(png);
      zip.closeEntry();
    }
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
