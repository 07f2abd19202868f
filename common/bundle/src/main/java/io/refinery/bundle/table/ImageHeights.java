package io.refinery.bundle.table;

/** The heights of images, for labels whose origin is at the bottom of the image. */
@FunctionalInterface
public interface ImageHeights {

  /**
   * Returns the height of an image in pixels.
   *
   * @param image its number in the bundle's order, counted from 0
   */
  int of(int image);
}
