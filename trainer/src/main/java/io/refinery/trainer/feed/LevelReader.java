package io.refinery.trainer.feed;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleReader;
import io.refinery.image.HistogramEqualisation;
import io.refinery.image.LevelBatch;
import java.util.Optional;

/**
 * Reads images as levels, prepared for training. 8-bit images stay bytes throughout, unless they
 * are equalised colour images, which need floats.
 */
public final class LevelReader {

  private LevelReader() {}

  /**
   * Returns the next images of a bundle.
   *
   * @param max the most images to return, at least 1
   * @param equalise whether to equalise histograms before rounding to levels
   * @return empty after the last image
   */
  public static Optional<LevelBatch> read(BundleReader reader, int max, boolean equalise)
      throws BundleException {
    if (!equalise) {
      return reader.readLevels(max);
    }
    if (reader.info().shape().channels() == 1) {
      return reader.readLevels(max).map(HistogramEqualisation::ofGray);
    }
    return reader.read(max).map(HistogramEqualisation::of).map(LevelBatch::of);
  }
}
