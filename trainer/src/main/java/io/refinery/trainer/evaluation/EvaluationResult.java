package io.refinery.trainer.evaluation;

import io.refinery.image.ImageBatch;
import java.util.List;

/**
 * A report, and the data for its pictures.
 *
 * @param synthetic a few held-out images
 * @param refined the same images refined
 * @param real held-out images, at most as many
 * @param change mean absolute change per pixel, in levels of 255, row by row
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
