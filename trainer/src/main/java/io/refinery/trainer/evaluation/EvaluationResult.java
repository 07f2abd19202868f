package io.refinery.trainer.evaluation;

import io.refinery.image.ImageBatch;
import java.util.List;

/**
 * A report, and what its pictures are made of.
 *
 * @param synthetic images that were kept from training, a few
 * @param refined the same images refined
 * @param real images that were kept from training, as many or fewer
 * @param change mean absolute change of every pixel, in levels of 255, row by row
 */
public record EvaluationResult(
    EvaluationReport report,
    ImageBatch synthetic,
    ImageBatch refined,
    ImageBatch real,
    List<Double> change) {

  public EvaluationResult {
    change = List.copyOf(change);
  }
}
