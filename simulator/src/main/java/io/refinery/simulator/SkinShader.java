package io.refinery.simulator;

import io.refinery.image.ImageShape;
import java.awt.geom.AffineTransform;

/**
 * Shades the skin around the eye, without the opening: a bulge lit by one lamp, with the crease of
 * the upper lid, the fold below the eye and the hollow beside the nose.
 */
final class SkinShader {

  private final EyeParameters eye;
  private final EyeGeometry geometry;
  private final double[] light;
  private final double halfWidth;

  SkinShader(EyeParameters eye, EyeGeometry geometry) {
    this.eye = eye;
    this.geometry = geometry;
    light = EyeGeometry.direction(eye.light().azimuth(), -eye.light().elevation());
    halfWidth = eye.lids().width() / 2;
  }

  /** Returns tones in [0, 1], height x width values, row-major. */
  float[] shade(ImageShape shape, Look look) {
    float[] tones = new float[shape.height() * shape.width()];
    AffineTransform toFace = geometry.faceFromPixels();
    double[] line = new double[2 * shape.width()];
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 0; x < shape.width(); x++) {
        line[2 * x] = x + 0.5;
        line[2 * x + 1] = y + 0.5;
      }
      toFace.transform(line, 0, line, 0, shape.width());
      for (int x = 0; x < shape.width(); x++) {
        double across = line[2 * x];
        double down = line[2 * x + 1];
        double dx = (x + 0.5 - geometry.centre().getX()) / geometry.scale();
        double dy = (y + 0.5 - geometry.centre().getY()) / geometry.scale();
        double tone = eye.tones().skin() * lit(dx, dy) * folds(across, down, look);
        tones[y * shape.width() + x] = (float) Math.max(0, Math.min(1, tone));
      }
    }
    return look == Look.CAMERA ? textured(tones, shape, toFace) : tones;
  }

  private double lit(double dx, double dy) {
    double bulge = Math.exp(-(dx * dx + dy * dy) / 380);
    double nx = bulge * dx / 15;
    double ny = bulge * dy / 11;
    double facing =
        Math.max(0, (nx * light[0] + ny * light[1] + light[2]) / Math.sqrt(nx * nx + ny * ny + 1));
    return eye.light().ambient() + (1 - eye.light().ambient()) * facing;
  }

  private double folds(double across, double down, Look look) {
    double above = geometry.upper().heightAt(across) - down;
    double below = down - geometry.lower().heightAt(across);
    double off = across / (1.1 * halfWidth);
    double middle = bump(off * off);
    double nose = (across + halfWidth + 2) / 5;
    double strength = look == Look.CAMERA ? 1.35 : 1;
    double fold = 1;
    fold -= strength * 0.30 * middle * bump((above - eye.lids().crease()) / 0.8);
    fold -= strength * 0.16 * middle * bump((above - eye.lids().crease() - 3) / 3.5);
    fold -= 0.22 * middle * bump(above / 0.7);
    fold -= strength * 0.10 * middle * bump((below - 4.2) / 1.6);
    fold += 0.07 * middle * bump((below - 1.3) / 1.0);
    fold -= strength * 0.24 * Math.exp(-nose * nose - down * down / 50);
    return Math.max(0.2, fold);
  }

  /** Adds mottling, and lines along the lids. */
  private float[] textured(float[] tones, ImageShape shape, AffineTransform toFace) {
    Noise mottle = new Noise(eye.grain());
    Noise lines = new Noise(eye.grain() + 1);
    double[] place = new double[2];
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 0; x < shape.width(); x++) {
        place[0] = x + 0.5;
        place[1] = y + 0.5;
        toFace.transform(place, 0, place, 0, 1);
        double above = geometry.upper().heightAt(place[0]) - place[1];
        double below = place[1] - geometry.lower().heightAt(place[0]);
        double along = above > 0 ? above : below + 100;
        double grain =
            0.16 * mottle.fractal(place[0] / 3.2, place[1] / 3.2)
                + 0.12 * lines.at(place[0] / 7, along / 1.1);
        tones[y * shape.width() + x] *= (float) (1 + grain);
      }
    }
    return tones;
  }

  private static double bump(double x) {
    return Math.exp(-x * x);
  }
}
