package io.refinery.trainer.evaluation;

import io.refinery.engine.Device;
import io.refinery.engine.Estimator;
import io.refinery.engine.EstimatorSpec;
import io.refinery.engine.TrainingEngine;
import io.refinery.trainer.evaluation.EvaluationReport.Omission;
import io.refinery.trainer.plan.EvaluationPlan;
import io.refinery.trainer.plan.Seeds;
import java.util.List;
import java.util.Optional;

/**
 * The context that all parts of an evaluation share.
 *
 * @param omitted collects what is left out
 */
record EvaluationContext(
    TrainingEngine engine, Device device, EvaluationPlan plan, long seed, List<Omission> omitted) {

  private static final long BOOTSTRAP_STREAM = 1000;

  Estimator estimator(EstimatorSpec spec) {
    return engine.estimator(spec, device);
  }

  /** Returns the seed for one part's random choices. */
  long seed(int part) {
    return Seeds.derive(seed, part);
  }

  Bootstrap bootstrap() {
    return new Bootstrap(plan.resamples(), Seeds.derive(seed, BOOTSTRAP_STREAM));
  }

  <T> Optional<T> omit(String part, String reason) {
    omitted.add(new Omission(part, reason));
    return Optional.empty();
  }
}
