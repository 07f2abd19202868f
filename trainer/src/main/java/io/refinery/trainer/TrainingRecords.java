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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a version's files into a folder: some while it is trained, the rest at the end. */
final class TrainingRecords implements AutoCloseable {

  private static final int PREVIEW_ROWS = 8;
  private static final int SAMPLE = 32;

  private final TrainingPlan plan;
  private final AdversarialPair pair;
  private final String realCaption;
  private final ImageBatch synthetic;
  private final ImageBatch real;
  private final Path folder;
  private final LossLog log;
  private final LossCurves curves;
  private final Map<String, Path> files = new LinkedHashMap<>();

  /**
   * @param resumed files of a checkpoint that lie in {@code folder} already; goes on with them
   */
  TrainingRecords(
      TrainingPlan plan,
      AdversarialPair pair,
      Domains domains,
      String realCaption,
      Path folder,
      List<Path> resumed)
      throws IOException {
    this.plan = plan;
    this.pair = pair;
    this.realCaption = realCaption;
    this.folder = Files.createDirectories(folder);
    synthetic = domains.synthetic().heldOut().images();
    real = domains.real().heldOut().images();
    curves = new LossCurves(plan.losses().lambda());
    resumed.forEach(kept -> files.put(kept.getFileName().toString(), kept));
    Path losses = file(LossLog.FILE);
    if (resumed.contains(losses)) {
      LossLog.read(losses, plan, curves::add);
      log = LossLog.goOn(losses);
    } else {
      log = LossLog.begin(losses);
    }
  }

  /** What a training that goes on from here needs of them. */
  Collection<Path> checkpoint() throws IOException {
    log.flush();
    return files.values();
  }

  /** Some images that were kept from training, to look at while it runs. */
  ImageBatch sample() {
    return synthetic.slice(0, Math.min(SAMPLE, synthetic.count()));
  }

  /** Keeps the step's losses; the preview where one was due. */
  Optional<Path> add(Step step) throws IOException {
    curves.add(step);
    log.add(step);
    return step instanceof AdversarialStep && isPreviewDue(step)
        ? Optional.of(preview("preview-%07d.png".formatted(step.number())))
        : Optional.empty();
  }

  private boolean isPreviewDue(Step step) {
    return plan.previewInterval() > 0
        && step.number() % plan.previewInterval() == 0
        && step.number() < step.of();
  }

  /** Completes the files. */
  Map<String, Path> finish() throws IOException {
    log.close();
    Weights refiner = pair.refinerWeights();
    Safetensors.write(refiner, Map.of(), file(Manifest.REFINER_WEIGHTS));
    Safetensors.write(pair.discriminatorWeights(), Map.of(), file(Manifest.DISCRIMINATOR_WEIGHTS));
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
