package io.refinery.trainer;

import io.refinery.engine.AdversarialPair;
import io.refinery.image.ImageBatch;
import io.refinery.network.OnnxRefiner;
import io.refinery.network.Safetensors;
import io.refinery.network.Weights;
import io.refinery.registry.Manifest;
import io.refinery.trainer.event.TrainingEvent.AdversarialStep;
import io.refinery.trainer.event.TrainingEvent.Step;
import io.refinery.trainer.plan.TrainingPlan;
import io.refinery.trainer.report.LossCurves;
import io.refinery.trainer.report.LossLog;
import io.refinery.trainer.report.Preview;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a version's files into a folder: some while it is trained, the rest at the end. */
final class TrainingRecords implements AutoCloseable {

  private static final int PREVIEW_ROWS = 8;

  private final TrainingPlan plan;
  private final AdversarialPair pair;
  private final String realCaption;
  private final ImageBatch synthetic;
  private final ImageBatch real;
  private final Path folder;
  private final LossLog log;
  private final LossCurves curves;
  private final Map<String, Path> files = new LinkedHashMap<>();

  TrainingRecords(
      TrainingPlan plan, AdversarialPair pair, Domains domains, String realCaption, Path folder)
      throws IOException {
    this.plan = plan;
    this.pair = pair;
    this.realCaption = realCaption;
    this.folder = Files.createDirectories(folder);
    synthetic = domains.synthetic().heldOut();
    real = domains.real().heldOut();
    log = new LossLog(file(LossLog.FILE));
    curves = new LossCurves(plan.losses().lambda());
  }

  /** Keeps the step's losses; the preview where one was due. */
  Optional<Path> add(Step step) {
    curves.add(step);
    try {
      log.add(step);
      if (step instanceof AdversarialStep && isPreviewDue(step)) {
        return Optional.of(preview("preview-%07d.png".formatted(step.number())));
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write to " + folder + ": " + e.getMessage(), e);
    }
  }

  private boolean isPreviewDue(Step step) {
    return plan.previewInterval() > 0
        && step.number() % plan.previewInterval() == 0
        && step.number() < step.of();
  }

  /** Completes the files. */
  Map<String, Path> finish(Weights refiner, Weights discriminator) throws IOException {
    log.close();
    Safetensors.write(refiner, Map.of(), file(Manifest.REFINER_WEIGHTS));
    Safetensors.write(discriminator, Map.of(), file(Manifest.DISCRIMINATOR_WEIGHTS));
    OnnxRefiner.write(plan.refiner(), refiner, file(Manifest.REFINER_ONNX));
    if (plan.schedule().total() > 0) {
      curves.write(file(Manifest.LOSS_CURVES));
    }
    preview(Manifest.PREVIEW);
    return Map.copyOf(files);
  }

  /** Losses of the last steps, and what both networks do on held-out images. */
  Map<String, Double> metrics() {
    Map<String, Double> metrics = curves.metrics();
    metrics.putAll(Evaluation.metrics(pair, synthetic, real));
    return metrics;
  }

  private Path preview(String name) throws IOException {
    int rows = Math.min(PREVIEW_ROWS, Math.min(synthetic.count(), real.count()));
    ImageBatch shown = synthetic.slice(0, rows);
    Path png = file(name);
    Preview.write(
        png,
        List.of(
            new Preview.Column("synthetic", shown),
            new Preview.Column("refined", pair.refine(shown)),
            new Preview.Column(realCaption, real.slice(0, rows))));
    return png;
  }

  private Path file(String name) {
    return files.computeIfAbsent(name, folder::resolve);
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
