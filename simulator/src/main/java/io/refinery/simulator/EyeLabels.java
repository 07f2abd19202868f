package io.refinery.simulator;

import io.refinery.image.ImageShape;

/**
 * What is known of an eye's picture, from its geometry and not measured.
 *
 * @param lookX gaze, a unit vector: to the right of the picture
 * @param lookY gaze, down the picture
 * @param lookZ gaze, towards the camera
 * @param irisX centre of the iris, in pixels from the picture's left edge
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

  /** The labels of an eye in a picture of the given shape; the look makes no difference. */
  public static EyeLabels of(EyeParameters eye, ImageShape shape) {
    return new EyeGeometry(eye, shape).labels();
  }

  /** Share of the pupil's disc that the lids leave open, in [0, 1]; lashes do not count. */
  public static double pupilVisibility(EyeParameters eye, ImageShape shape) {
    return new EyeGeometry(eye, shape).pupilVisibility();
  }
}
