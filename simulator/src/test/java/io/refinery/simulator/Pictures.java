package io.refinery.simulator;

import io.refinery.image.ImageShape;

/** Measurements on images of eyes. */
final class Pictures {

  private Pictures() {}

  static byte[] render(EyeParameters eye, Look look, ImageShape shape) {
    try (EyeRenderer renderer = new EyeRenderer(shape)) {
      return renderer.render(eye, look);
    }
  }

  /**
   * Returns the centroid (x, y) of the pixels near the pupil, weighted by how much darker than half
   * the iris they are.
   */
  static double[] darkCentroid(EyeParameters eye, Look look, EyeLabels near) {
    ImageShape shape = SimulatorOptions.EYE_CROP;
    byte[] levels = render(eye, look, shape);
    double reach = 7;
    double threshold = threshold(levels, shape, near, reach);
    double weight = 0;
    double sumX = 0;
    double sumY = 0;
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 0; x < shape.width(); x++) {
        double dark = threshold - (levels[y * shape.width() + x] & 0xFF);
        if (dark > 0 && Math.hypot(x + 0.5 - near.pupilX(), y + 0.5 - near.pupilY()) < reach) {
          weight += dark;
          sumX += dark * (x + 0.5);
          sumY += dark * (y + 0.5);
        }
      }
    }
    return new double[] {sumX / weight, sumY / weight};
  }

  static double mean(byte[] levels) {
    double sum = 0;
    for (byte level : levels) {
      sum += level & 0xFF;
    }
    return sum / levels.length;
  }

  /**
   * Returns the mean absolute second difference along rows, to which texture and noise contribute,
   * but slopes do not.
   */
  static double roughness(byte[] levels, ImageShape shape) {
    double sum = 0;
    int count = 0;
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 1; x < shape.width() - 1; x++) {
        int at = y * shape.width() + x;
        int middle = levels[at] & 0xFF;
        sum += Math.abs((levels[at - 1] & 0xFF) - 2 * middle + (levels[at + 1] & 0xFF));
        count++;
      }
    }
    return sum / count;
  }

  private static double threshold(byte[] levels, ImageShape shape, EyeLabels near, double reach) {
    int darkest = 255;
    int brightest = 0;
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 0; x < shape.width(); x++) {
        if (Math.hypot(x + 0.5 - near.pupilX(), y + 0.5 - near.pupilY()) < reach) {
          int level = levels[y * shape.width() + x] & 0xFF;
          darkest = Math.min(darkest, level);
          brightest = Math.max(brightest, level);
        }
      }
    }
    return darkest + 0.35 * (brightest - darkest);
  }
}
