package io.refinery.bundle;

import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.table.ImageLabels;
import io.refinery.bundle.table.NamedFiles;
import io.refinery.image.ImageShape;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * An open ZIP bundle: its PNG and JPEG files in the order of its directory, and its {@code
 * labels.csv}. Entries are read in place and never extracted, so their names do no harm.
 *
 * <p>The JDK holds the directory in memory: about 100 bytes per image.
 */
final class ZipBundle implements AutoCloseable {

  static final String LABELS = "labels.csv";

  /** Largest labels.csv; it is held in memory when a ZIP is converted to HDF5. */
  private static final long MOST_LABEL_BYTES = 256 << 20;

  private final ZipFile zip;
  private final BundleLimits limits;
  private final long size;
  private final Optional<ZipEntry> labels;
  private final ImageCodec codec = new ImageCodec();
  private final BundleInfo info;
  private long inflated;

  private ZipBundle(ZipFile zip, BundleLimits limits, long size)
      throws BundleException, IOException {
    this.zip = zip;
    this.limits = limits;
    this.size = size;
    this.labels =
        zip.stream()
            .map(ZipEntry.class::cast)
            .filter(entry -> isLabels(entry.getName()))
            .min(Comparator.comparingInt(entry -> entry.getName().length()));
    long count = zip.stream().filter(entry -> isImage(entry.getName())).count();
    LimitChecks.checkCount(count, limits);
    ImageShape shape = decode(images().next()).shape();
    checkInflation(Math.multiplyExact(count, shape.values()));
    List<String> names = labels(shape).names();
    this.info = new BundleInfo(BundleFormat.ZIP, shape, count, PixelType.UINT8, names);
  }

  static ZipBundle open(Path file, BundleLimits limits) throws BundleException {
    return ParserErrors.guard(
        "The ZIP file",
        () -> {
          ZipFile zip = new ZipFile(file.toFile());
          try {
            return new ZipBundle(zip, limits, Files.size(file));
          } catch (BundleException | IOException | RuntimeException e) {
            zip.close();
            throw e;
          }
        });
  }

  BundleInfo info() {
    return info;
  }

  /** Returns the labels of its images; they are read anew. */
  ImageLabels labels() throws BundleException {
    return labels(info.shape());
  }

  private ImageLabels labels(ImageShape shape) throws BundleException {
    List<String> all = zip.stream().map(ZipEntry::getName).toList();
    NamedFiles files =
        new NamedFiles() {
          @Override
          public List<String> names() {
            return all;
          }

          @Override
          public InputStream open(String name) throws IOException {
            return new Counted(zip.getInputStream(zip.getEntry(name)), MOST_LABEL_BYTES);
          }
        };
    List<String> names = all.stream().filter(ZipBundle::isImage).toList();
    return ParserErrors.guard(
        "The labels", () -> ImageLabels.read(files, names, image -> shape.height()));
  }

  /** Returns the entries that are images, in the bundle's order. */
  Iterator<ZipEntry> images() {
    return zip.stream()
        .filter(entry -> isImage(entry.getName()))
        .map(ZipEntry.class::cast)
        .iterator();
  }

  /** Returns the entry name of labels.csv. */
  Optional<String> labelName() {
    return labels.map(ZipEntry::getName);
  }

  Optional<InputStream> labelStream() throws IOException {
    return labels.isPresent()
        ? Optional.of(new Counted(zip.getInputStream(labels.get()), MOST_LABEL_BYTES))
        : Optional.empty();
  }

  ImageCodec.Decoded decode(ZipEntry entry) throws BundleException {
    String where = "Image '" + printable(entry.getName()) + "'";
    return ParserErrors.guard(
        where,
        () -> {
          try (InputStream stream = new Counted(zip.getInputStream(entry), largestFile())) {
            return codec.decode(stream, where, limits);
          }
        });
  }

  /**
   * Returns the largest plausible image file: that of raw pixels with 16 bits per channel and
   * alpha.
   */
  private long largestFile() {
    return Math.max(1 << 20, 8L * limits.side() * limits.side());
  }

  private void checkInflation(long bytes) throws BundleException {
    if (bytes > limits.inflation() * size) {
      throw new BundleException(BundleFault.INFLATES_TOO_MUCH, tooMuch(bytes));
    }
  }

  private String tooMuch(long bytes) {
    return "The ZIP file of "
        + size
        + " bytes inflates to "
        + bytes
        + " bytes or more, over "
        + limits.inflation()
        + " times its size";
  }

  /** Whether an entry is an image. Hidden files, such as macOS adds for every image, are not. */
  static boolean isImage(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String file = lower.substring(lower.lastIndexOf('/') + 1);
    return !file.startsWith(".")
        && !lower.startsWith("__macosx/")
        && (file.endsWith(".png") || file.endsWith(".jpg") || file.endsWith(".jpeg"));
  }

  private static boolean isLabels(String name) {
    return name.equals(LABELS) || (name.endsWith("/" + LABELS) && !name.startsWith("__MACOSX/"));
  }

  static String printable(String name) {
    String clean = name.replaceAll("\\p{Cntrl}", "?");
    return clean.length() > 100 ? clean.substring(0, 100) + "..." : clean;
  }

  @Override
  public void close() {
    codec.close();
    try {
      zip.close();
    } catch (IOException e) {
      throw new UncheckedIOException("The ZIP file cannot be closed", e);
    }
  }

  /** Counts inflated bytes as they are read; the sizes that a ZIP declares cannot be trusted. */
  private final class Counted extends FilterInputStream {

    private long left;

    Counted(InputStream in, long most) {
      super(in);
      this.left = most;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int count = super.read(into, from, length);
      count(Math.max(0, count));
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = super.skip(count);
      count(skipped);
      return skipped;
    }

    private void count(long bytes) throws IOException {
      inflated += bytes;
      left -= bytes;
      if (left < 0 || inflated > limits.inflation() * size) {
        throw new InflationLimitException(tooMuch(inflated));
      }
    }
  }
}
