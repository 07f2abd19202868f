package io.refinery.simulator;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.util.SplittableRandom;

/** Paints lashes along both lids, fanned out and bent, with random variation. */
final class LashPainter {

  private final EyeParameters eye;
  private final EyeGeometry geometry;
  private final SplittableRandom random;

  LashPainter(EyeParameters eye, EyeGeometry geometry) {
    this.eye = eye;
    this.geometry = geometry;
    random = new SplittableRandom(eye.grain() + 3);
  }

  void paint(Graphics2D canvas) {
    AffineTransform pixels = canvas.getTransform();
    canvas.transform(geometry.face());
    double length = 2.2 + 2.4 * random.nextDouble();
    double darkness = 0.45 + 0.4 * random.nextDouble();
    canvas.setPaint(EyePainter.gray(0.18 * eye.tones().skin(), darkness));
    canvas.setStroke(new BasicStroke(0.34f));
    canvas.draw(row(geometry.upper(), 46, -length));
    canvas.setStroke(new BasicStroke(0.24f));
    canvas.draw(row(geometry.lower(), 24, 0.5 * length));
    canvas.setTransform(pixels);
  }

  /**
   * Returns the lashes of one lid.
   *
   * @param length downwards, in millimetres; upwards if negative
   */
  private Path2D row(LidCurve lid, int count, double length) {
    Path2D lashes = new Path2D.Double();
    double t = 0.08;
    while (t < 0.97) {
      double lean = 1.6 * (t - 0.45) + 0.5 * (random.nextDouble() - 0.5);
      double reach = length * (0.45 + 0.75 * random.nextDouble());
      int together = 1 + random.nextInt(3);
      Point2D root = lid.at(t);
      double tipX = root.getX() + Math.abs(reach) * lean;
      for (int lash = 0; lash < together && t < 0.97; lash++) {
        root = lid.at(t);
        double share = 0.7 + 0.3 * random.nextDouble();
        double tipY = root.getY() + reach * share;
        double bendX = root.getX() + 0.7 * (tipX - root.getX());
        lashes.moveTo(root.getX(), root.getY());
        lashes.quadTo(bendX, root.getY() + 0.2 * reach, tipX, tipY);
        t += (0.5 + random.nextDouble()) * 0.9 / count;
      }
      t += random.nextDouble() * 0.9 / count;
    }
    return lashes;
  }
}
