package io.refinery.engine;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How a gradient changes the weights. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Optimizer.Sgd.class, name = "sgd"),
  @JsonSubTypes.Type(value = Optimizer.Adam.class, name = "adam")
})
public sealed interface Optimizer {

  /** Returns the step size, above 0. */
  double learningRate();

  /** Returns how many values it keeps per weight between updates. */
  int moments();

  /**
   * Stochastic gradient descent: {@code v = momentum * v + gradient; w -= learningRate * v}.
   *
   * @param momentum in [0, 1), 0 for none; usually 0.9
   */
  record Sgd(double learningRate, double momentum) implements Optimizer {
    public Sgd {
      requirePositive(learningRate);
      if (!(momentum >= 0 && momentum < 1)) {
        throw new IllegalArgumentException(
            "momentum must be 0 or more and below 1, not " + momentum);
      }
    }

    /** SGD without momentum. */
    public Sgd(double learningRate) {
      this(learningRate, 0);
    }

    @Override
    public int moments() {
      return momentum == 0 ? 0 : 1;
    }
  }

  /**
   * Adam (arXiv 1412.6980, algorithm 1).
   *
   * @param beta1 decay of the first moment, in [0, 1), usually 0.9; 0.5 is common in adversarial
   *     training
   * @param beta2 decay of the second moment, in [0, 1), usually 0.999
   * @param epsilon added to the root of the second moment, usually 1e-8
   */
  record Adam(double learningRate, double beta1, double beta2, double epsilon)
      implements Optimizer {
    public Adam {
      requirePositive(learningRate);
    }

    @Override
    public int moments() {
      return 2;
    }
  }

  private static void requirePositive(double learningRate) {
    if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException("A learning rate must be above 0, not " + learningRate);
    }
  }
}
