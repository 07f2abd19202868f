package io.refinery.bundle;

import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.Inventory.Item;
import io.refinery.bundle.Inventory.Role;
import io.refinery.bundle.table.ImageHeights;
import io.refinery.bundle.table.ImageLabels;
import io.refinery.bundle.table.NamedFiles;
import io.refinery.image.ImageShape;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An open ZIP bundle: its image files in the order of its directory, their labels, and everything
 * else. Entries are read in place and never extracted.
 */
final class ZipBundle implements AutoCloseable {

  static final String LABELS = "labels.csv";

  /** Largest table of labels; it is held in memory when a ZIP is converted to HDF5. */
  private static final long MOST_LABEL_BYTES = 256 << 20;

  private final ZipDirectory directory;
  private final BundleLimits limits;
  private final BundleOptions options;
  private final long size;
  private final List<ZipItem> images;
  private final ImageCodec codec = new ImageCodec();
  private final BundleInfo info;
  private long inflated;

  private ZipBundle(ZipDirectory directory, BundleLimits limits, BundleOptions options, long size)
      throws BundleException, IOException {
    this.directory = directory;
    this.limits = limits;
    this.options = options;
    this.size = size;
    this.images = new ImageFinder(options.images()).find(directory.items());
    LimitChecks.checkCount(images.size(), limits);
    ImageShape shape = decode(images.get(0), channels(0)).shape();
    checkInflation(Math.multiplyExact((long) images.size(), shape.values()));
    List<String> names = labels(image -> shape.height()).names();
    this.info = new BundleInfo(BundleFormat.ZIP, shape, images.size(), PixelType.UINT8, names);
  }

  static ZipBundle open(Path file, BundleLimits limits) throws BundleException {
    return open(file, limits, BundleOptions.DEFAULT, false);
  }

  /**
   * Opens a ZIP.
   *
   * @param whole as for {@link ZipDirectory#open}
   */
  static ZipBundle open(Path file, BundleLimits limits, BundleOptions options, boolean whole)
      throws BundleException {
    ZipDirectory directory = ZipDirectory.open(file, whole);
    return ParserErrors.guard(
        "The ZIP file",
        () -> {
          try {
            return new ZipBundle(directory, limits, options, Files.size(file));
          } catch (BundleException | IOException | RuntimeException | Error e) {
            directory.close();
            throw e;
          }
        });
  }

  BundleInfo info() {
    return info;
  }

  ZipDirectory directory() {
    return directory;
  }

  BundleLimits limits() {
    return limits;
  }

  /** Returns the images, in the bundle's order. */
  List<ZipItem> imageItems() {
    return images;
  }

  /** Returns the labels of its images; they are read anew. */
  ImageLabels labels() throws BundleException {
    return labels(image -> info.shape().height());
  }

  /** Returns the labels of images of several sizes. */
  ImageLabels labels(ImageHeights heights) throws BundleException {
    Map<String, ZipItem> byName = new LinkedHashMap<>();
    directory.items().stream()
        .filter(item -> !item.isFolder())
        .forEach(item -> byName.put(item.name(), item));
    List<String> all = List.copyOf(byName.keySet());
    Set<String> counted = new HashSet<>();
    NamedFiles files =
        new NamedFiles() {
          @Override
          public List<String> names() {
            return all;
          }

          @Override
          public InputStream open(String name) throws IOException {
            return stream(byName.get(name), MOST_LABEL_BYTES, counted.add(name));
          }
        };
    List<String> names = images.stream().map(ZipItem::name).toList();
    return ParserErrors.guard("The labels", () -> ImageLabels.read(files, names, heights));
  }

  /** Returns everything in the ZIP. */
  Inventory inventory() throws BundleException {
    ZipInventory sums = new ZipInventory();
    images.forEach(item -> sums.add(Role.IMAGES, item));
    List<Item> items = new ArrayList<>(sums.items(Role.IMAGES, info.shape().toString()));
    ImageLabels labels = labels();
    items.addAll(labels.items());
    items.addAll(folders().items(Role.CARRIED, ""));
    List<String> remarks = new ArrayList<>(labels.remarks());
    unusedBytes().ifPresent(remarks::add);
    return new Inventory(items, remarks);
  }

  /** Returns the folders that have an entry of their own. */
  ZipInventory folders() {
    ZipInventory folders = new ZipInventory();
    directory.items().stream()
        .filter(ZipItem::isFolder)
        .forEach(item -> folders.add(Role.CARRIED, item));
    return folders;
  }

  /** Returns a sentence about bytes that no entry owns, if there are any. */
  Optional<String> unusedBytes() {
    return directory.unused() == 0
        ? Optional.empty()
        : Optional.of(
            directory.unused() + " bytes between the files of the ZIP belong to none of them");
  }

  /** Decodes an image of the bundle's channels. */
  ImageCodec.Decoded decode(ZipItem image) throws BundleException {
    return decode(image, channels(info.shape().channels()));
  }

  /** Decodes an image that may be gray where others have colours. */
  ImageCodec.Decoded decodeAny(ZipItem image) throws BundleException {
    return decode(image, channels(0));
  }

  private ImageCodec.Decoded decode(ZipItem image, ImageCodec.Channels channels)
      throws BundleException {
    return ParserErrors.guard(
        image.where(),
        () -> codec.decode(bytes(image), image.where(), limits, channels, options.upright()));
  }

  private ImageCodec.Channels channels(int ofFirst) {
    int wanted = options.channels().orElse(0);
    return new ImageCodec.Channels(wanted == 1, wanted == 3 || (wanted == 0 && ofFirst == 3));
  }

  /** Returns what an image file holds besides its pixels. */
  ImageMetadata metadata(ZipItem image) throws BundleException {
    return ParserErrors.guard(
        image.where(), () -> ImageCodec.metadata(bytes(image), image.where(), limits));
  }

  private byte[] bytes(ZipItem image) throws IOException {
    try (InputStream stream = stream(image, largestFile(), true)) {
      return stream.readAllBytes();
    }
  }

  /** Reads an entry to its end, to check it. */
  void check(ZipItem item) throws BundleException {
    ParserErrors.guard(
        item.where(),
        () -> {
          try (InputStream stream = stream(item, Long.MAX_VALUE, true)) {
            return stream.transferTo(OutputStream.nullOutputStream());
          }
        });
  }

  /**
   * @param most largest plausible size, in bytes
   * @param first whether its bytes count towards what the ZIP inflates to
   */
  private InputStream stream(ZipItem item, long most, boolean first) throws IOException {
    return new EntryStream(
        directory.content(item),
        item,
        new EntryStream.Meter() {
          private long left = most;

          @Override
          public void add(long bytes) throws InflationLimitException {
            inflated += first ? bytes : 0;
            left -= bytes;
            if (left < 0 || inflated > limits.inflation() * size) {
              throw new InflationLimitException(tooMuch(inflated));
            }
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

  static String printable(String name) {
    String clean = name.replaceAll("\\p{Cntrl}", "?");
    return clean.length() > 100 ? clean.substring(0, 100) + "..." : clean;
  }

  @Override
  public void close() {
    codec.close();
    try {
      directory.close();
    } catch (IOException e) {
      throw new UncheckedIOException("The ZIP file cannot be closed", e);
    }
  }
}
