package io.refinery.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.refinery.engine.Optimizer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Checks an engine's optimisers against {@link Optimizer}, using plain arithmetic. */
public abstract class OptimizerContract {

  private static final double[] START = {0.5, -1, 2, 0};
  private static final double[][] GRADIENTS = {
    {0.1, -2, 1e-4, 0}, {-0.3, 1, 1e-5, 3}, {0.2, -1, -1e-4, 1e-6}
  };

  @Test
  void sgdTakesTheRateTimesTheGradient() {
    double[] expected = START.clone();
    for (double[] gradient : GRADIENTS) {
      for (int i = 0; i < expected.length; i++) {
        expected[i] -= 0.1 * gradient[i];
      }
    }
    assertThat(updated(new Optimizer.Sgd(0.1))).containsExactly(expected, within(1e-15));
  }

  @Test
  void momentumAddsADecayingSumOfEarlierGradients() {
    double[] expected = START.clone();
    double[] velocity = new double[expected.length];
    for (double[] gradient : GRADIENTS) {
      for (int i = 0; i < expected.length; i++) {
        velocity[i] = 0.9 * velocity[i] + gradient[i];
        expected[i] -= 0.1 * velocity[i];
      }
    }
    assertThat(updated(new Optimizer.Sgd(0.1, 0.9))).containsExactly(expected, within(1e-15));
  }

  @Test
  void aGradientLongerThanTheClipIsScaledDownToIt() {
    double[] expected = START.clone();
    double[] lengths = new double[GRADIENTS.length];
    for (int t = 0; t < GRADIENTS.length; t++) {
      lengths[t] = Math.sqrt(Arrays.stream(GRADIENTS[t]).map(g -> g * g).sum());
      for (int i = 0; i < expected.length; i++) {
        expected[i] -= 0.1 * GRADIENTS[t][i] * Math.min(1, 1.5 / lengths[t]);
      }
    }
    assertThat(lengths[0]).isGreaterThan(1.5);
    assertThat(lengths[2]).isLessThan(1.5);
    assertThat(updated(new Optimizer.Sgd(0.1), 1.5)).containsExactly(expected, within(1e-15));
  }

  @Test
  void adamMatchesAlgorithm1OfItsPaperEvenWithALargeEpsilon() {
    Optimizer.Adam adam = new Optimizer.Adam(0.01, 0.5, 0.99, 0.1);
    double[] expected = START.clone();
    double[] m = new double[expected.length];
    double[] v = new double[expected.length];
    for (int t = 1; t <= GRADIENTS.length; t++) {
      for (int i = 0; i < expected.length; i++) {
        double g = GRADIENTS[t - 1][i];
        m[i] = adam.beta1() * m[i] + (1 - adam.beta1()) * g;
        v[i] = adam.beta2() * v[i] + (1 - adam.beta2()) * g * g;
        double mean = m[i] / (1 - Math.pow(adam.beta1(), t));
        double square = v[i] / (1 - Math.pow(adam.beta2(), t));
        expected[i] -= adam.learningRate() * mean / (Math.sqrt(square) + adam.epsilon());
      }
    }
    assertThat(updated(adam)).containsExactly(expected, within(1e-12));
  }

  private double[] updated(Optimizer optimizer) {
    return updated(optimizer, 0);
  }

  private double[] updated(Optimizer optimizer, double gradientClip) {
    return updated(optimizer, gradientClip, START, GRADIENTS);
  }

  /**
   * Returns the updated parameters, in double precision.
   *
   * @param gradients one per update, in order
   */
  protected abstract double[] updated(
      Optimizer optimizer, double gradientClip, double[] start, double[][] gradients);
}
