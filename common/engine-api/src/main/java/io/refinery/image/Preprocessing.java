package io.refinery.image;

/** How images are preprocessed for a refiner, both in training and when serving. */
public enum Preprocessing {
  /** Images are passed unchanged. */
  NONE,
  /** {@link HistogramEqualisation} of every image. */
  HISTOGRAM_EQUALISATION;

  /** Returns the preprocessed images; the originals are not modified. */
  public ImageBatch apply(ImageBatch images) {
    return switch (this) {
      case NONE -> images;
      case HISTOGRAM_EQUALISATION -> HistogramEqualisation.of(images);
    };
  }
}
