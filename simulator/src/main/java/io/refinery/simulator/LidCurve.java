package io.refinery.simulator;

import java.awt.geom.CubicCurve2D;
import java.awt.geom.Point2D;

/** The edge of one lid: a cubic from the inner corner to the outer one, in millimetres. */
final class LidCurve {

  private static final int STEPS = 48;

  private final CubicCurve2D curve;
  private final double[] heights = new double[STEPS + 1];

  /**
   * Creates a curve.
   *
   * @param peak y of the curve at its midpoint
   * @param inner length of the inner control handle, as a share of the width
   * @param outer length of the outer control handle, likewise
   */
  LidCurve(Point2D from, Point2D to, double peak, double inner, double outer) {
    double width = to.getX() - from.getX();
    double handle = (peak - (from.getY() + to.getY()) / 8) / 0.75;
    curve =
        new CubicCurve2D.Double(
            from.getX(),
            from.getY(),
            from.getX() + inner * width,
            handle,
            to.getX() - outer * width,
            handle,
            to.getX(),
            to.getY());
    tabulate();
  }

  CubicCurve2D curve() {
    return curve;
  }

  Point2D at(double t) {
    return new Point2D.Double(
        bezier(t, curve.getX1(), curve.getCtrlX1(), curve.getCtrlX2(), curve.getX2()),
        bezier(t, curve.getY1(), curve.getCtrlY1(), curve.getCtrlY2(), curve.getY2()));
  }

  /** Returns the curve's y at x; beyond the ends, y is that of the end. */
  double heightAt(double x) {
    double place = (x - curve.getX1()) / (curve.getX2() - curve.getX1()) * STEPS;
    if (place <= 0) {
      return heights[0];
    }
    if (place >= STEPS) {
      return heights[STEPS];
    }
    int cell = (int) place;
    double share = place - cell;
    return heights[cell] + share * (heights[cell + 1] - heights[cell]);
  }

  private void tabulate() {
    double width = curve.getX2() - curve.getX1();
    Point2D before = at(0);
    heights[0] = before.getY();
    int cell = 1;
    for (int step = 1; step <= 4 * STEPS; step++) {
      Point2D next = at(step / (4.0 * STEPS));
      while (cell <= STEPS && curve.getX1() + width * cell / STEPS <= next.getX() + 1e-9) {
        double x = curve.getX1() + width * cell / STEPS;
        double share = (x - before.getX()) / (next.getX() - before.getX());
        heights[cell++] = before.getY() + share * (next.getY() - before.getY());
      }
      before = next;
    }
  }

  private static double bezier(double t, double a, double b, double c, double d) {
    double s = 1 - t;
    return s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
  }
}
