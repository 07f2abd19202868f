package io.refinery.simulator;

/**
 * Everything that decides one eye. Lengths are in millimetres, angles in radians, tones in [0, 1]
 * (black to white).
 *
 * @param grain seed of whatever is random in the picture of this eye: texture, lashes, noise
 */
public record EyeParameters(
    Gaze gaze, Iris iris, Lids lids, Tones tones, Light light, Framing framing, long grain) {

  /** Radius of every eyeball. */
  public static final double EYEBALL_RADIUS = 12;

  public EyeParameters {
    if (iris.radius() >= EYEBALL_RADIUS) {
      throw new IllegalArgumentException(
          "An iris of radius " + iris.radius() + " mm does not fit an eyeball of 12 mm");
    }
  }

  /**
   * Where the eye looks.
   *
   * @param yaw positive to the right of the picture
   * @param pitch positive down the picture
   */
  public record Gaze(double yaw, double pitch) {}

  /**
   * Iris and pupil: discs in one plane, at a right angle to the gaze.
   *
   * @param pupilX the pupil's centre off the iris's, in their plane, to the right at gaze (0, 0)
   * @param pupilY the same, down
   */
  public record Iris(double radius, double pupilRadius, double pupilX, double pupilY) {

    public Iris {
      if (pupilRadius <= 0 || pupilRadius + Math.hypot(pupilX, pupilY) >= radius) {
        throw new IllegalArgumentException(
            "A pupil of radius "
                + pupilRadius
                + " mm does not lie within an iris of "
                + radius
                + " mm");
      }
    }
  }

  /**
   * The opening between the lids, in the lids' frame: x from the inner corner to the outer one.
   *
   * @param width from corner to corner
   * @param upper the upper lid's height above the eyeball's centre
   * @param lower the lower lid's depth below it
   * @param tilt how much the outer corner stands higher than the inner one
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
   * One lamp far away, and light from everywhere.
   *
   * @param azimuth positive where the lamp stands to the right
   * @param elevation positive where it stands above
   * @param ambient share of light from everywhere, in [0, 1]
   * @param glint radius of the lamp's reflection on the cornea; 0 for none
   */
  public record Light(double azimuth, double elevation, double ambient, double glint) {}

  /**
   * Where the camera stands.
   *
   * @param field what a picture 55 wide and 35 high shows of the face, from left to right
   * @param x the eyeball's centre, right of the picture's
   * @param y the eyeball's centre, below the picture's
   * @param roll how far the lids are turned clockwise; gaze and light are not
   * @param mirrored false where the inner corner is on the left
   */
  public record Framing(double field, double x, double y, double roll, boolean mirrored) {}
}
