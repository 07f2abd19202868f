package io.refinery.testkit.engine;

/** What an engine computes in for a test of its gradients. */
public enum GradientPrecision {
  FLOAT(1e-4),
  DOUBLE(1e-6);

  private final double tolerance;

  GradientPrecision(double tolerance) {
    this.tolerance = tolerance;
  }

  /** How far a gradient may be off, relative to its largest value. */
  double tolerance() {
    return tolerance;
  }
}
