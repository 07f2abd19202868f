package io.refinery.image;

/**
 * The shape of one image.
 *
 * @param channels 1 (gray) or 3 (colour, in the order red, green, blue)
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record ImageShape(int channels, int height, int width) {

  public ImageShape {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("An image must have 1 or 3 channels, not " + channels);
    }
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "An image must have at least 1x1 pixels, not " + height + "x" + width);
    }
  }

  /** Returns the number of values per image: channels x height x width. */
  public int values() {
    return Math.multiplyExact(channels, Math.multiplyExact(height, width));
  }

  /** Returns a readable form, width first: {@code 55x35 gray}. */
  @Override
  public String toString() {
    return width + "x" + height + (channels == 1 ? " gray" : " colour");
  }
}
