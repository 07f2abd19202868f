package io.refinery.trainer.feed;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleInfo;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.NumericLabel;
import io.refinery.image.ImageBatch;
import io.refinery.image.LevelBatch;
import java.util.Optional;

/** A reader that fails the test when floats are requested. */
public record LevelsOnlyReader(BundleReader reader) implements BundleReader {

  @Override
  public BundleInfo info() {
    return reader.info();
  }

  @Override
  public Optional<ImageBatch> read(int max) {
    throw new AssertionError("8-bit images were requested as floats");
  }

  @Override
  public Optional<LevelBatch> readLevels(int max) throws BundleException {
    return reader.readLevels(max);
  }

  @Override
  public Optional<NumericLabel> numbers(String label) throws BundleException {
    return reader.numbers(label);
  }

  @Override
  public void close() {
    reader.close();
  }
}
