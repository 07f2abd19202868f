package io.refinery.bundle;

import io.refinery.image.ImageShape;

/** The eight orientations of EXIF. */
final class Orientation {

  private Orientation() {}

  /** Returns an image as a viewer shows it. */
  static ImageCodec.Decoded upright(ImageCodec.Decoded image, int orientation) {
    if (orientation == 1) {
      return image;
    }
    ImageShape stored = image.shape();
    int channels = stored.channels();
    boolean turned = orientation >= 5;
    int height = turned ? stored.width() : stored.height();
    int width = turned ? stored.height() : stored.width();
    byte[] from = image.bytes();
    byte[] to = new byte[from.length];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int source = source(stored, orientation, y, x) * channels;
        for (int c = 0; c < channels; c++) {
          to[at++] = from[source + c];
        }
      }
    }
    return new ImageCodec.Decoded(new ImageShape(channels, height, width), to);
  }

  /** Returns the place of the stored pixel that is shown at {@code y}, {@code x}. */
  private static int source(ImageShape stored, int orientation, int y, int x) {
    int bottom = stored.height() - 1;
    int right = stored.width() - 1;
    return switch (orientation) {
      case 2 -> y * stored.width() + right - x;
      case 3 -> (bottom - y) * stored.width() + right - x;
      case 4 -> (bottom - y) * stored.width() + x;
      case 5 -> x * stored.width() + y;
      case 6 -> (bottom - x) * stored.width() + y;
      case 7 -> (bottom - x) * stored.width() + right - y;
      case 8 -> x * stored.width() + right - y;
      default -> throw new IllegalArgumentException("EXIF has no orientation " + orientation);
    };
  }
}
