package io.refinery.bundle;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Reads the images of a ZIP bundle. */
final class ZipBundleReader implements BundleReader {

  private final ZipBundle bundle;
  private final Iterator<ZipItem> entries;
  private final Pixels decoder;
  private long next;

  /** Read on demand; empty until then, as a table always has the column of the images' names. */
  private List<Column> table = List.of();

  ZipBundleReader(ZipBundle bundle) {
    this.bundle = bundle;
    this.entries = bundle.imageItems().iterator();
    this.decoder = Pixels.bytes(bundle.info().shape());
  }

  @Override
  public BundleInfo info() {
    return bundle.info();
  }

  @Override
  public Optional<ImageBatch> read(int max) throws BundleException {
    return readLevels(max).map(LevelBatch::toImages);
  }

  @Override
  public Optional<LevelBatch> readLevels(int max) throws BundleException {
    if (max < 1) {
      throw new IllegalArgumentException("A batch must have at least 1 image, not " + max);
    }
    int count = (int) Math.min(max, info().count() - next);
    if (count == 0) {
      return Optional.empty();
    }
    ImageShape shape = info().shape();
    byte[] levels = new byte[Math.multiplyExact(count, shape.values())];
    for (int i = 0; i < count; i++, next++) {
      ZipItem entry = entries.next();
      ImageCodec.Decoded image = bundle.decode(entry);
      if (!image.shape().equals(shape)) {
        throw ParserErrors.mixed(ZipBundle.printable(entry.name()), image.shape(), shape);
      }
      decoder.decode(image.bytes(), 0, levels, i * shape.values());
    }
    return Optional.of(new LevelBatch(count, shape, levels));
  }

  @Override
  public Optional<NumericLabel> numbers(String label) throws BundleException {
    if (table.isEmpty()) {
      table = ImageLabelColumn.of(bundle.labels());
    }
    return ColumnNumbers.find(table, label, info().count());
  }

  @Override
  public void close() {
    bundle.close();
  }
}
