package io.refinery.simulator;

/** Creates eyes for tests: wide open, lit from the front, without a reflection. */
final class EyeImages {

  private EyeImages() {}

  static EyeParameters lookingAt(double yaw, double pitch) {
    return wideOpen(yaw, pitch, 0, 0);
  }

  static EyeParameters wideOpen(double yaw, double pitch, double pupilX, double pupilY) {
    return new EyeParameters(
        new EyeParameters.Gaze(yaw, pitch),
        new EyeParameters.Iris(6, 3, pupilX, pupilY),
        new EyeParameters.Lids(32, 10, 10, 0, 3),
        new EyeParameters.Tones(0.7, 0.9, 0.45, 0.03),
        new EyeParameters.Light(0, 0, 0.6, 0),
        new EyeParameters.Framing(36, 0.4, -0.3, 0.1, false),
        7);
  }
}
