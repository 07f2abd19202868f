package io.refinery.image;

/** What is done to images before a refiner gets them, in training as in service. */
public enum Preprocessing {
  /** Images go in as they are. */
  NONE,
  /** {@link HistogramEqualisation} of every image. */
  HISTOGRAM_EQUALISATION;

  /** The images as the refiner is to get them; they themselves are not changed. */
  public ImageBatch apply(ImageBatch images) {
    return switch (this) {
      case NONE -> images;
      case HISTOGRAM_EQUALISATION -> HistogramEqualisation.of(images);
    };
  }
}
