package io.refinery.testkit.engine;

/** The precision in which an engine computes for a test of its gradients. */
public enum GradientPrecision {
  FLOAT(1e-4),
  DOUBLE(1e-6);

  private final double tolerance;

  GradientPrecision(double tolerance) {
    this.tolerance = tolerance;
  }

  /** Returns the tolerance of a gradient, relative to its largest value. */
  double tolerance() {
    return tolerance;
  }
}
