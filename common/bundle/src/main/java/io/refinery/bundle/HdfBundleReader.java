package io.refinery.bundle;

import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.image.ImageBatch;
import io.refinery.image.LevelBatch;
import java.util.Optional;

/** Reads the images of an HDF5 bundle. */
final class HdfBundleReader implements BundleReader {

  private final HdfBundle bundle;
  private long next;

  HdfBundleReader(HdfBundle bundle) {
    this.bundle = bundle;
  }

  @Override
  public BundleInfo info() {
    return bundle.info();
  }

  @Override
  public Optional<ImageBatch> read(int max) throws BundleException {
    int count = takeUpTo(max);
    if (count == 0) {
      return Optional.empty();
    }
    float[] pixels = ParserErrors.guard("The HDF5 file", () -> bundle.images().read(count));
    return Optional.of(new ImageBatch(count, info().shape(), pixels));
  }

  @Override
  public Optional<LevelBatch> readLevels(int max) throws BundleException {
    if (info().pixels() != PixelType.UINT8) {
      return BundleReader.super.readLevels(max);
    }
    int count = takeUpTo(max);
    if (count == 0) {
      return Optional.empty();
    }
    byte[] levels = ParserErrors.guard("The HDF5 file", () -> bundle.images().readLevels(count));
    return Optional.of(new LevelBatch(count, info().shape(), levels));
  }

  private int takeUpTo(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("A batch must have at least 1 image, not " + max);
    }
    int count = (int) Math.min(max, info().count() - next);
    next += count;
    return count;
  }

  @Override
  public Optional<NumericLabel> numbers(String label) throws BundleException {
    return ColumnNumbers.find(bundle.columns(), label, info().count());
  }

  @Override
  public void close() {
    bundle.close();
  }
}
