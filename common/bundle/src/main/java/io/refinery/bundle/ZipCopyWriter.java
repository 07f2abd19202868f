package io.refinery.bundle;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipShort;

/**
 * Copies a ZIP in its order. Images are replaced by PNG files of the same names, with the metadata
 * of the replaced ones; everything else is copied as it is stored.
 */
final class ZipCopyWriter implements BundleWriter {

  /** Sizes of an entry that are over 4 GiB; the library adds them where they are needed. */
  private static final ZipShort ZIP64 = new ZipShort(1);

  private final AtomicFile file;
  private final ZipArchiveOutputStream zip;
  private final ZipBundle source;
  private final ImageCounter counter;
  private final Pixels encoder;
  private final ImageCodec codec = new ImageCodec();
  private final CopyNotes notes = new CopyNotes();
  private final boolean decodeNames;
  private int next;
  private int nextImage;

  private ZipCopyWriter(
      AtomicFile file, ZipArchiveOutputStream zip, ZipBundle source, ZipCharset charset) {
    this.file = file;
    this.zip = zip;
    this.source = source;
    this.counter = new ImageCounter(source.info().shape(), source.info().count());
    this.encoder = Pixels.bytes(source.info().shape());
    this.decodeNames = charset == ZipCharset.DECODED;
    source.unusedBytes().ifPresent(sentence -> notes.remark(sentence + " and are not copied"));
    if (decodeNames) {
      notes.remark("names in several character sets are written as UTF-8");
    }
  }

  /**
   * Starts a copy. Reads everything that is not an image once, to check it.
   *
   * @param source opened whole; closed with the writer, or when this fails
   */
  static ZipCopyWriter open(Path target, ZipBundle source, Provenance provenance)
      throws BundleException, IOException {
    AtomicFile file = null;
    try {
      List<String> remarks = source.labels().remarks();
      String comment = ZipComment.of(provenance, source.directory().comment());
      // By identity: hashes of names that somebody chose may collide.
      Set<ZipItem> images = Collections.newSetFromMap(new IdentityHashMap<>());
      images.addAll(source.imageItems());
      for (ZipItem item : source.directory().items()) {
        if (!images.contains(item)) {
          source.check(item);
        }
      }
      file = AtomicFile.beside(target);
      ZipArchiveOutputStream zip = ZipBundleWriter.stream(file);
      ZipCharset charset = ZipCharset.of(source.directory().items());
      charset.apply(zip);
      zip.setComment(comment);
      ZipCopyWriter writer = new ZipCopyWriter(file, zip, source, charset);
      remarks.forEach(writer.notes::remark);
      return writer;
    } catch (BundleException | IOException | RuntimeException | Error e) {
      source.close();
      if (file != null) {
        file.close();
      }
      throw e;
    }
  }

  @Override
  public void write(ImageBatch batch) throws IOException {
    counter.requireNumbers(batch);
    write(LevelBatch.of(batch));
  }

  @Override
  public void write(LevelBatch batch) throws IOException {
    counter.add(batch.shape(), batch.count());
    ImageShape shape = batch.shape();
    for (int i = 0; i < batch.count(); i++) {
      copyToNextImage();
      byte[] bytes = new byte[encoder.bytes()];
      encoder.encode(batch.levels(), i * shape.values(), bytes, 0);
      ZipItem image = source.imageItems().get(nextImage++);
      next++;
      ZipBundleWriter.store(zip, entry(image), codec.encode(shape, bytes, metadata(image)));
    }
  }

  private List<PngChunk> metadata(ZipItem image) throws IOException {
    try {
      int channels = source.info().shape().channels();
      ImageMetadata metadata = source.metadata(image);
      notes.png(metadata, channels);
      return metadata.chunks().stream().filter(chunk -> chunk.fits(channels)).toList();
    } catch (BundleException e) {
      throw new IOException("An image that was read cannot be read again: " + e.getMessage(), e);
    }
  }

  /** Copies everything before the next image, or everything that is left. */
  private void copyToNextImage() throws IOException {
    List<ZipItem> items = source.directory().items();
    List<ZipItem> images = source.imageItems();
    boolean rest = nextImage == images.size();
    while (next < items.size() && (rest || !items.get(next).equals(images.get(nextImage)))) {
      copy(items.get(next++));
    }
  }

  private void copy(ZipItem item) throws IOException {
    Copy entry = entry(item);
    if (entry.isRenamedByTheLibrary()) {
      entry.setMethod(ZipEntry.STORED);
      entry.setCompressedSize(entry.getSize());
      try (InputStream content = source.directory().content(item)) {
        zip.putArchiveEntry(entry);
        content.transferTo(zip);
        zip.closeArchiveEntry();
      }
      return;
    }
    try (InputStream stored = source.directory().stored(item)) {
      zip.addRawArchiveEntry(entry, stored);
    }
  }

  /** Returns the entry with all that describes it, under the name to write. */
  private Copy entry(ZipItem item) throws ZipException {
    boolean decode = decodeNames && !ZipNames.isDeclared(item.entry());
    Copy entry =
        new Copy(
            item.entry(), decode ? ZipNames.decoded(item.entry()) : ZipNames.raw(item.entry()));
    if (entry.getExtraField(ZIP64) != null) {
      entry.removeExtraField(ZIP64);
    }
    return entry;
  }

  /** A copy of an entry under a name that its library would change. */
  private static final class Copy extends ZipArchiveEntry {

    private final String exact;

    Copy(ZipArchiveEntry entry, String exact) throws ZipException {
      super(entry);
      this.exact = exact;
      setName(exact);
    }

    /** Whether a raw copy has slashes for backslashes. */
    boolean isRenamedByTheLibrary() {
      return exact.contains("\\") && !exact.contains("/");
    }

    @Override
    public String getName() {
      // The constructor of its superclass calls this before there is a name.
      return exact == null ? super.getName() : exact;
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
  public void finish() throws IOException {
    counter.checkComplete();
    copyToNextImage();
    zip.close();
    file.publish();
  }

  @Override
  public RewriteReport report() {
    return notes.report(CopyNotes.NOT_IN_PNG);
  }

  @Override
  public void close() throws IOException {
    codec.close();
    source.close();
    file.close();
  }
}
