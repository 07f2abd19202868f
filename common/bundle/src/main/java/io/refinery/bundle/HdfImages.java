package io.refinery.bundle;

import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.image.ImageShape;
import java.util.Arrays;
import java.util.List;

/** The images of an HDF5 bundle, read in order. */
final class HdfImages {

  /** Maximum bytes read at once: 4 MiB, or one row of chunks if that is less. */
  private static final int BLOCK_BYTES = 4 << 20;

  /** Reads {@code count} images from image {@code from} into {@code into}. */
  @FunctionalInterface
  private interface Source {
    void read(long from, int count, byte[] into) throws BundleException;
  }

  private final ImageShape shape;
  private final long count;
  private final PixelType pixels;
  private final HdfType type;
  private final Pixels decoder;
  private final Source source;
  private final int blockRows;
  private byte[] block = {};
  private long blockStart;
  private long next;

  private HdfImages(ImageShape shape, long count, HdfType type, Source source, long together) {
    this.shape = shape;
    this.count = count;
    this.type = type;
    this.pixels = type.isUint8() ? PixelType.UINT8 : PixelType.FLOAT32;
    this.decoder = new Pixels(shape, type.float32());
    this.source = source;
    long fitting = Math.max(1, BLOCK_BYTES / decoder.bytes());
    this.blockRows =
        (int) (together > 0 && together < fitting ? together * (fitting / together) : fitting);
  }

  static HdfImages stacked(String name, HdfDataset dataset, BundleLimits limits)
      throws BundleException {
    String where = "Dataset '" + name + "'";
    long[] dims = dataset.dims();
    if (dims.length < 3) {
      throw unsupported(
          where + " has " + dims.length + " dimensions; images must be count x height x width");
    }
    checkPixels(dataset.type(), where);
    LimitChecks.checkCount(dims[0], limits);
    ImageShape shape = shape(Arrays.copyOfRange(dims, 1, dims.length), where, limits);
    dataset.checkReadable();
    return new HdfImages(
        shape,
        dims[0],
        dataset.type(),
        (from, rows, into) -> dataset.read(from, rows, into),
        dataset.rowsTogether());
  }

  static HdfImages keyed(List<String> keys, HdfColumns.Datasets datasets, BundleLimits limits)
      throws BundleException {
    LimitChecks.checkCount(keys.size(), limits);
    HdfDataset first = datasets.get(0);
    String where = "Image '" + keys.get(0) + "'";
    checkPixels(first.type(), where);
    ImageShape shape = shape(first.dims(), where, limits);
    HdfType type = first.type();
    int bytes = Math.toIntExact(first.rowBytes() * first.rows());
    ParserErrors.guard(
        where,
        () -> {
          first.checkReadable();
          return first;
        });
    Source source =
        (from, rows, into) -> {
          byte[] one = new byte[bytes];
          for (int i = 0; i < rows; i++) {
            String key = keys.get((int) from + i);
            HdfDataset dataset = datasets.get(from + i);
            ImageShape found = shape(dataset.dims(), "Image '" + key + "'", limits);
            if (!found.equals(shape)) {
              throw ParserErrors.mixed(key, found, shape);
            }
            if (!dataset.type().sameAs(type)) {
              throw unsupported(
                  "Image '" + key + "' has a different type from the first image; convert it");
            }
            ParserErrors.guard(
                "Image '" + key + "'",
                () -> {
                  dataset.read(0, Math.toIntExact(dataset.rows()), one);
                  return one;
                });
            System.arraycopy(one, 0, into, i * bytes, bytes);
          }
        };
    return new HdfImages(shape, keys.size(), type, source, 0);
  }

  ImageShape shape() {
    return shape;
  }

  long count() {
    return count;
  }

  HdfType type() {
    return type;
  }

  PixelType pixels() {
    return pixels;
  }

  /** Reads the next {@code images} images, in [-1, 1]; at least that many must be left. */
  float[] read(int images) throws BundleException {
    float[] values = new float[Math.multiplyExact(images, shape.values())];
    for (int i = 0; i < images; i++, next++) {
      int from = locateNext();
      decoder.decode(block, from, values, i * shape.values(), next);
    }
    return values;
  }

  /** Reads the next images, stored as bytes; otherwise like {@link #read}. */
  byte[] readLevels(int images) throws BundleException {
    byte[] levels = new byte[Math.multiplyExact(images, shape.values())];
    for (int i = 0; i < images; i++, next++) {
      int from = locateNext();
      decoder.decode(block, from, levels, i * shape.values());
    }
    return levels;
  }

  /** Returns the offset of the next image in the block, loading the block if needed. */
  private int locateNext() throws BundleException {
    int bytes = decoder.bytes();
    if (next >= blockStart + block.length / bytes) {
      load();
    }
    return (int) (next - blockStart) * bytes;
  }

  private void load() throws BundleException {
    int rows = (int) Math.min(blockRows, count - next);
    int size = Math.multiplyExact(rows, decoder.bytes());
    byte[] into = block.length == size ? block : new byte[size];
    source.read(next, rows, into);
    block = into;
    blockStart = next;
  }

  private static void checkPixels(HdfType type, String where) throws BundleException {
    if (!type.isUint8() && type.float32().isEmpty()) {
      throw unsupported(
          where
              + " has pixels of type "
              + type.description()
              + "; convert them to uint8 (0 to 255) or float32 (0 to 1)");
    }
  }

  /** Returns the shape of images of {@code dims}: H x W, H x W x 1 or H x W x 3. */
  private static ImageShape shape(long[] dims, String where, BundleLimits limits)
      throws BundleException {
    boolean channelled = dims.length == 3 && (dims[2] == 1 || dims[2] == 3);
    if (dims.length != 2 && !channelled) {
      throw unsupported(
          where
              + " has "
              + HdfText.dims(dims)
              + " per image; this must be height x width, with an optional last dimension of 1 or 3"
              + " channels: permute the dimensions");
    }
    if (dims[0] < 1 || dims[1] < 1) {
      throw new BundleException(BundleFault.NO_IMAGES, where + " has no pixels");
    }
    LimitChecks.checkSide(dims[0], dims[1], where, limits);
    return new ImageShape(channelled ? (int) dims[2] : 1, (int) dims[0], (int) dims[1]);
  }

  private static BundleException unsupported(String message) {
    return new BundleException(BundleFault.UNSUPPORTED, message);
  }
}
