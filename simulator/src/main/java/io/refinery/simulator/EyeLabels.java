package io.refinery.simulator;

import io.refinery.image.ImageShape;

/**
 * The labels of an image of an eye, computed from its geometry, not measured in the image.
 *
 * @param lookX gaze, a unit vector: to the right of the image
 * @param lookY gaze, down the image
 * @param lookZ gaze, towards the camera
 * @param irisX centre of the iris, in pixels from the left edge of the image
 * @param irisY centre of the iris, in pixels from the upper edge
 * @param pupilX centre of the pupil, likewise
 * @param pupilY centre of the pupil, likewise
 */
public record EyeLabels(
    double lookX,
    double lookY,
    double lookZ,
    double irisX,
    double irisY,
    double pupilX,
    double pupilY) {

  /**
   * Returns the labels of an eye in an image of the given shape; they do not depend on the look.
   */
  public static EyeLabels of(EyeParameters eye, ImageShape shape) {
    return new EyeGeometry(eye, shape).labels();
  }

  /** Returns the share of the pupil that the lids leave visible, in [0, 1]; lashes do not count. */
  public static double pupilVisibility(EyeParameters eye, ImageShape shape) {
    return new EyeGeometry(eye, shape).pupilVisibility();
  }
}
