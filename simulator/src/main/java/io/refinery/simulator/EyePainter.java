package io.refinery.simulator;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.util.SplittableRandom;

/**
 * Paints the opening between the lids and the edges of the lids, in image pixels; the skin is left
 * transparent.
 */
final class EyePainter {

  private static final double CORNEA_RADIUS = 7.8;
  private static final double CORNEA_DEPTH = 5.0;

  private final EyeParameters eye;
  private final EyeGeometry geometry;
  private final Look look;

  EyePainter(EyeParameters eye, EyeGeometry geometry, Look look) {
    this.eye = eye;
    this.geometry = geometry;
    this.look = look;
  }

  void paint(Graphics2D canvas, Rectangle frame) {
    Path2D opening = geometry.opening();
    opening.transform(geometry.face());
    sclera(canvas, opening);
    iris(canvas);
    glint(canvas);
    shadowOfUpperLid(canvas);
    clearOutside(canvas, opening, frame);
    edges(canvas);
    if (look == Look.CAMERA) {
      new LashPainter(eye, geometry).paint(canvas);
    }
  }

  private void sclera(Graphics2D canvas, Shape opening) {
    double tone = eye.tones().sclera();
    double radius = 0.56 * eye.lids().width() * geometry.scale();
    double shift = 2.5 * geometry.scale() * Math.sin(eye.light().azimuth());
    Point2D middle = new Point2D.Double(geometry.centre().getX() + shift, geometry.centre().getY());
    canvas.setPaint(
        new RadialGradientPaint(
            middle,
            (float) radius,
            new float[] {0, 0.5f, 1},
            new Color[] {gray(tone), gray(0.92 * tone), gray(0.55 * tone)}));
    canvas.fill(opening);

    AffineTransform face = geometry.face();
    Point2D corner = geometry.lower().at(0.03);
    canvas.setPaint(gray(0.78 * eye.tones().skin(), 0.8));
    canvas.fill(face.createTransformedShape(EyeGeometry.disc(corner.getX(), corner.getY(), 1.9)));
  }

  private void iris(Graphics2D canvas) {
    AffineTransform pixels = canvas.getTransform();
    canvas.transform(geometry.iris());
    double radius = eye.iris().radius();
    double tone = eye.tones().iris();
    canvas.setPaint(gray(0.5 * tone, 0.3));
    canvas.fill(EyeGeometry.disc(0, 0, 1.05 * radius));
    canvas.setPaint(
        new RadialGradientPaint(
            new Point2D.Double(0, 0),
            (float) radius,
            new float[] {0, 0.55f, 0.84f, 1},
            new Color[] {gray(0.9 * tone), gray(1.15 * tone), gray(tone), gray(0.45 * tone)}));
    canvas.fill(EyeGeometry.disc(0, 0, radius));
    if (look == Look.CAMERA) {
      fibres(canvas);
    }
    caustic(canvas);
    canvas.setPaint(gray(eye.tones().pupil()));
    canvas.fill(geometry.pupil());
    canvas.setTransform(pixels);
  }

  /** Paints the light that the cornea focuses on the side of the iris opposite the lamp. */
  private void caustic(Graphics2D canvas) {
    double radius = eye.iris().radius();
    double x = -0.5 * radius * Math.sin(eye.light().azimuth());
    double y = 0.5 * radius * Math.sin(eye.light().elevation());
    canvas.setPaint(
        new RadialGradientPaint(
            new Point2D.Double(x, y),
            (float) (0.5 * radius),
            new float[] {0, 1},
            new Color[] {gray(1, 0.22), gray(1, 0)}));
    canvas.fill(EyeGeometry.disc(x, y, 0.5 * radius));
  }

  private void fibres(Graphics2D canvas) {
    SplittableRandom random = new SplittableRandom(eye.grain() + 2);
    Path2D dark = new Path2D.Double();
    Path2D bright = new Path2D.Double();
    double radius = eye.iris().radius();
    for (int fibre = 0; fibre < 44; fibre++) {
      double angle = random.nextDouble() * 2 * Math.PI;
      double bend = angle + (random.nextDouble() - 0.5) * 0.3;
      double from = eye.iris().pupilRadius() * 0.9;
      double to = radius * (0.6 + 0.35 * random.nextDouble());
      Path2D path = fibre % 2 == 0 ? dark : bright;
      path.moveTo(from * Math.cos(angle), from * Math.sin(angle));
      path.lineTo(to * Math.cos(bend), to * Math.sin(bend));
    }
    canvas.setStroke(new BasicStroke(0.35f));
    canvas.setPaint(gray(0, 0.30));
    canvas.draw(dark);
    canvas.setPaint(gray(1, 0.16));
    canvas.draw(bright);
  }

  /**
   * Paints the reflection of the lamp in the cornea, where the surface normal is halfway between
   * lamp and camera. There is none if that point lies beyond the edge of the cornea.
   */
  private void glint(Graphics2D canvas) {
    if (eye.light().glint() <= 0) {
      return;
    }
    double[] lamp = EyeGeometry.direction(eye.light().azimuth(), -eye.light().elevation());
    double length = Math.sqrt(2 * (1 + lamp[2]));
    double[] gaze = geometry.gaze();
    double scale = geometry.scale();
    double x = CORNEA_DEPTH * gaze[0] + CORNEA_RADIUS * lamp[0] / length;
    double y = CORNEA_DEPTH * gaze[1] + CORNEA_RADIUS * lamp[1] / length;
    double pixelX = geometry.centre().getX() + scale * x;
    double pixelY = geometry.centre().getY() + scale * y;
    double reach = 0.9 * eye.iris().radius() * scale;
    if (Math.hypot(
            pixelX - geometry.iris().getTranslateX(), pixelY - geometry.iris().getTranslateY())
        < reach) {
      canvas.setPaint(gray(1, 0.95));
      canvas.fill(EyeGeometry.disc(pixelX, pixelY, eye.light().glint() * scale));
    }
  }

  private void shadowOfUpperLid(Graphics2D canvas) {
    Shape edge = geometry.face().createTransformedShape(geometry.upper().curve());
    double[] widths = look == Look.CAMERA ? new double[] {5, 3.6, 2.4, 1.4} : new double[] {3, 1.6};
    canvas.setPaint(gray(0, look == Look.CAMERA ? 0.17 : 0.16));
    for (double width : widths) {
      canvas.setStroke(stroke(width));
      canvas.draw(edge);
    }
  }

  private static void clearOutside(Graphics2D canvas, Shape opening, Rectangle frame) {
    Path2D outside = new Path2D.Double(Path2D.WIND_EVEN_ODD);
    outside.append(frame, false);
    outside.append(opening, false);
    canvas.setComposite(AlphaComposite.Clear);
    canvas.fill(outside);
    canvas.setComposite(AlphaComposite.SrcOver);
  }

  private void edges(Graphics2D canvas) {
    double skin = eye.tones().skin();
    Shape lower = geometry.face().createTransformedShape(geometry.lower().curve());
    canvas.setPaint(gray(Math.min(1, 1.15 * skin), 0.75));
    canvas.setStroke(stroke(0.9));
    canvas.draw(lower);
    Shape upper = geometry.face().createTransformedShape(geometry.upper().curve());
    canvas.setPaint(gray(0.25 * skin, 0.85));
    canvas.setStroke(stroke(0.8));
    canvas.draw(upper);
  }

  private BasicStroke stroke(double millimetres) {
    return new BasicStroke(
        (float) (millimetres * geometry.scale()), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }

  private static Color gray(double tone) {
    return gray(tone, 1);
  }

  static Color gray(double tone, double alpha) {
    float value = (float) Math.max(0, Math.min(1, tone));
    return new Color(value, value, value, (float) alpha);
  }
}
