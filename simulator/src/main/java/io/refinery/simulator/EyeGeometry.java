package io.refinery.simulator;

import io.refinery.image.ImageShape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.NoninvertibleTransformException;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;

/**
 * The position of every part of an eye in its image. Both looks and the labels are derived from it.
 */
final class EyeGeometry {

  /** The corners of the lids lie a little below the eyeball's centre. */
  private static final double CORNER_DROP = 0.8;

  private final EyeParameters eye;
  private final double scale;
  private final Point2D centre;
  private final double[] gaze;
  private final AffineTransform iris;
  private final AffineTransform face;
  private final LidCurve upper;
  private final LidCurve lower;

  EyeGeometry(EyeParameters eye, ImageShape shape) {
    this.eye = eye;
    EyeParameters.Framing framing = eye.framing();
    scale = Math.min(shape.width() / 55.0, shape.height() / 35.0) * 55.0 / framing.field();
    centre =
        new Point2D.Double(
            shape.width() / 2.0 + framing.x() * scale, shape.height() / 2.0 + framing.y() * scale);
    gaze = direction(eye.gaze().yaw(), eye.gaze().pitch());
    iris = irisPlane();
    face = AffineTransform.getTranslateInstance(centre.getX(), centre.getY());
    face.rotate(framing.roll());
    face.scale(framing.mirrored() ? -scale : scale, scale);

    EyeParameters.Lids lids = eye.lids();
    double rise = lids.width() / 2 * Math.sin(lids.tilt());
    Point2D inner = new Point2D.Double(-lids.width() / 2, CORNER_DROP + rise);
    Point2D outer = new Point2D.Double(lids.width() / 2, CORNER_DROP - rise);
    upper = new LidCurve(inner, outer, -lids.upper(), 0.22, 0.27);
    lower = new LidCurve(inner, outer, lids.lower(), 0.34, 0.16);
  }

  /** Returns the scale, in pixels per millimetre. */
  double scale() {
    return scale;
  }

  /** Returns the centre of the eyeball, in pixels. */
  Point2D centre() {
    return centre;
  }

  double[] gaze() {
    return gaze.clone();
  }

  /**
   * Returns the transform from the plane of the iris, in millimetres from its centre, to pixels.
   */
  AffineTransform iris() {
    return iris;
  }

  /**
   * Returns the transform from the lids' frame, in millimetres from the centre of the eyeball, to
   * pixels.
   */
  AffineTransform face() {
    return face;
  }

  AffineTransform faceFromPixels() {
    try {
      return face.createInverse();
    } catch (NoninvertibleTransformException e) {
      throw new IllegalArgumentException("This framing shows no eye: " + eye.framing(), e);
    }
  }

  LidCurve upper() {
    return upper;
  }

  LidCurve lower() {
    return lower;
  }

  /** Returns the opening between the lids, in millimetres in the lids' frame. */
  Path2D opening() {
    Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
    path.append(upper.curve(), false);
    var back = lower.curve();
    path.curveTo(
        back.getCtrlX2(),
        back.getCtrlY2(),
        back.getCtrlX1(),
        back.getCtrlY1(),
        back.getX1(),
        back.getY1());
    path.closePath();
    return path;
  }

  /** Returns the disc of the pupil, in millimetres in the plane of the iris. */
  Ellipse2D pupil() {
    EyeParameters.Iris of = eye.iris();
    return disc(of.pupilX(), of.pupilY(), of.pupilRadius());
  }

  EyeLabels labels() {
    Point2D pupil =
        iris.transform(new Point2D.Double(eye.iris().pupilX(), eye.iris().pupilY()), null);
    return new EyeLabels(
        gaze[0],
        gaze[1],
        gaze[2],
        iris.getTranslateX(),
        iris.getTranslateY(),
        pupil.getX(),
        pupil.getY());
  }

  double pupilVisibility() {
    AffineTransform toFace = new AffineTransform(iris);
    toFace.preConcatenate(faceFromPixels());
    Path2D opening = opening();
    int seen = 0;
    int all = 0;
    double step = eye.iris().pupilRadius() / 8;
    for (int row = -8; row <= 8; row++) {
      for (int column = -8; column <= 8; column++) {
        if (row * row + column * column > 64) {
          continue;
        }
        all++;
        Point2D point =
            new Point2D.Double(
                eye.iris().pupilX() + column * step, eye.iris().pupilY() + row * step);
        if (opening.contains(toFace.transform(point, null))) {
          seen++;
        }
      }
    }
    return (double) seen / all;
  }

  static Ellipse2D disc(double x, double y, double radius) {
    return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
  }

  /** Returns the unit vector at these angles: x to the right, y down, z towards the camera. */
  static double[] direction(double right, double down) {
    return new double[] {
      Math.sin(right) * Math.cos(down), Math.sin(down), Math.cos(right) * Math.cos(down)
    };
  }

  private AffineTransform irisPlane() {
    double yaw = eye.gaze().yaw();
    double pitch = eye.gaze().pitch();
    double radius = eye.iris().radius();
    double depth =
        Math.sqrt(EyeParameters.EYEBALL_RADIUS * EyeParameters.EYEBALL_RADIUS - radius * radius);
    return new AffineTransform(
        scale * Math.cos(yaw),
        0,
        -scale * Math.sin(yaw) * Math.sin(pitch),
        scale * Math.cos(pitch),
        centre.getX() + scale * depth * gaze[0],
        centre.getY() + scale * depth * gaze[1]);
  }
}
