package io.refinery.simulator;

/**
 * All parameters of one eye. Lengths are in millimetres, angles in radians, tones in [0, 1] (black
 * to white).
 *
 * @param grain seed of everything random in the image of this eye: texture, lashes, noise
 */
public record EyeParameters(
    Gaze gaze, Iris iris, Lids lids, Tones tones, Light light, Framing framing, long grain) {

  /** Radius of every eyeball, in millimetres. */
  public static final double EYEBALL_RADIUS = 12;

  public EyeParameters {
    if (iris.radius() >= EYEBALL_RADIUS) {
      throw new IllegalArgumentException(
          "An iris of radius " + iris.radius() + " mm does not fit an eyeball of 12 mm");
    }
  }

  /**
   * The direction of the gaze.
   *
   * @param yaw positive to the right of the image
   * @param pitch positive downwards
   */
  public record Gaze(double yaw, double pitch) {}

  /**
   * Iris and pupil: discs in one plane, perpendicular to the gaze.
   *
   * @param pupilX offset of the pupil's centre from that of the iris, in their plane, to the right
   *     at gaze (0, 0)
   * @param pupilY the same offset, downwards
   */
  public record Iris(double radius, double pupilRadius, double pupilX, double pupilY) {

    public Iris {
      if (pupilRadius <= 0 || pupilRadius + Math.hypot(pupilX, pupilY) >= radius) {
        throw new IllegalArgumentException(
            "A pupil of radius " + pupilRadius + " mm is not inside an iris of " + radius + " mm");
      }
    }
  }

  /**
   * The opening between the lids, in the lids' frame: x runs from the inner corner to the outer
   * one.
   *
   * @param width distance between the corners
   * @param upper the upper lid's height above the eyeball's centre
   * @param lower the lower lid's depth below it
   * @param tilt how much higher the outer corner is than the inner one
   * @param crease the fold's height above the upper lid's edge
   */
  public record Lids(double width, double upper, double lower, double tilt, double crease) {

    public Lids {
      if (width <= 0 || upper + lower <= 0) {
        throw new IllegalArgumentException(
            "Lids " + width + " mm wide and " + (upper + lower) + " mm apart show no eye");
      }
    }
  }

  /** Reflectances. */
  public record Tones(double skin, double sclera, double iris, double pupil) {}

  /**
   * A distant lamp and ambient light.
   *
   * @param azimuth positive when the lamp is to the right
   * @param elevation positive when the lamp is above
   * @param ambient share of ambient light, in [0, 1]
   * @param glint radius of the lamp's reflection in the cornea; 0 for none
   */
  public record Light(double azimuth, double elevation, double ambient, double glint) {}

  /**
   * The position of the camera.
   *
   * @param field width of the face that an image of 55x35 pixels shows
   * @param x offset of the eyeball's centre from that of the image, to the right
   * @param y the same offset, downwards
   * @param roll clockwise rotation of the lids; gaze and light are not rotated
   * @param mirrored false when the inner corner is on the left
   */
  public record Framing(double field, double x, double y, double roll, boolean mirrored) {}
}
