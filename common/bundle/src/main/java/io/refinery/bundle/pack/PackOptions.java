package io.refinery.bundle.pack;

import java.util.List;
import java.util.Optional;

/**
 * How images are made into a bundle.
 *
 * @param size size of the images in the bundle; empty to keep theirs
 * @param gray whether colour images become gray
 * @param images which images to take: folders or patterns of image files, or the name of an array;
 *     empty for all, if that is certain
 * @param axes the meaning of an array's dimensions, such as {@code HWN}; empty for N x H x W, or N
 *     x H x W x C
 * @param points labels that are points in the image, x and y in pixels, and move with the pixels:
 *     {@code iris} for a label of that name, or for {@code iris_x} and {@code iris_y}
 */
public record PackOptions(
    Optional<Size> size,
    boolean gray,
    List<String> images,
    Optional<String> axes,
    List<String> points) {

  public PackOptions {
    images = List.copyOf(images);
    points = List.copyOf(points);
  }

  /**
   * A size in pixels.
   *
   * @param width at least 1
   * @param height at least 1
   */
  public record Size(int width, int height) {
    public Size {
      if (width < 1 || height < 1) {
        throw new IllegalArgumentException(
            "A size is at least 1x1 pixels, not " + width + "x" + height);
      }
    }

    @Override
    public String toString() {
      return width + "x" + height;
    }
  }
}
