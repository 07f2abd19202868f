package io.refinery.trainer;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.EngineOptions;
import io.refinery.image.ImageBatch;
import io.refinery.network.OnnxRefiner;
import io.refinery.network.Safetensors;
import io.refinery.network.Weights;
import io.refinery.registry.Manifest;
import io.refinery.trainer.evaluation.EvaluationResult;
import io.refinery.trainer.event.TrainingEvent.AdversarialStep;
import io.refinery.trainer.event.TrainingEvent.Step;
import io.refinery.trainer.plan.TrainingPlan;
import io.refinery.trainer.report.LossCurves;
import io.refinery.trainer.report.LossLog;
import io.refinery.trainer.report.Preview;
import io.refinery.trainer.report.ReportPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes a version's files into a folder: some during training, the rest at the end. */
final class VersionFilesWriter implements AutoCloseable {

  private static final int PREVIEW_ROWS = 8;
  private static final int SAMPLE = 32;
  private static final Pattern NUMBERED = Pattern.compile("preview-(\\d+)\\.png");

  private final TrainingPlan plan;
  private final AdversarialPair pair;
  private final String realCaption;
  private final ImageBatch synthetic;
  private final ImageBatch real;
  private final Path folder;
  private final EngineOptions engineOptions;
  private final LossLog log;
  private final LossCurves curves;
  private final Map<String, Path> files = new LinkedHashMap<>();
  private Optional<HalfPrecision> half = Optional.empty();

  /**
   * @param resumed files of a checkpoint that are already in {@code folder} and are continued
   * @param engineOptions of all engines
   */
  VersionFilesWriter(
      TrainingPlan plan,
      AdversarialPair pair,
      OpenDomains domains,
      String realCaption,
      Path folder,
      List<Path> resumed,
      EngineOptions engineOptions)
      throws IOException {
    this.plan = plan;
    this.pair = pair;
    this.realCaption = realCaption;
    this.engineOptions = engineOptions;
    this.folder = Files.createDirectories(folder);
    synthetic = domains.synthetic().heldOut().images();
    real = domains.real().heldOut().images();
    curves = new LossCurves(plan.losses().lambda());
    resumed.forEach(kept -> files.put(kept.getFileName().toString(), kept));
    Path losses = file(LossLog.FILE);
    if (resumed.contains(losses)) {
      LossLog.read(losses, plan, curves::add);
      log = LossLog.resume(losses);
    } else {
      log = LossLog.begin(losses);
    }
  }

  /** The files that a training needs to resume from here. */
  Collection<Path> checkpoint() throws IOException {
    log.flush();
    return files.values();
  }

  /** Some held-out synthetic images, to inspect during training. */
  ImageBatch sample() {
    return synthetic.slice(0, Math.min(SAMPLE, synthetic.count()));
  }

  /** Records the step's losses. Returns the preview if one was due. */
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

  /** Writes the networks' files and the final pictures. */
  void finish() throws IOException {
    log.close();
    Weights refiner = pair.refinerWeights();
    Safetensors.write(refiner, Map.of(), file(Manifest.REFINER_WEIGHTS));
    Safetensors.write(pair.discriminatorWeights(), Map.of(), file(Manifest.DISCRIMINATOR_WEIGHTS));
    OnnxRefiner.write(plan.refiner(), refiner, file(Manifest.REFINER_ONNX));
    HalfPrecision result =
        HalfPrecision.evaluate(plan.refiner(), refiner, sample(), folder, engineOptions);
    if (result.good()) {
      OnnxRefiner.writeHalf(plan.refiner(), refiner, file(Manifest.REFINER_HALF_ONNX));
    }
    half = Optional.of(result);
    if (plan.schedule().total() > 0) {
      curves.write(file(Manifest.LOSS_CURVES));
    }
    preview(Manifest.PREVIEW);
  }

  /**
   * Writes the report of a finished training.
   *
   * @param facts about the training by name, in order
   */
  void report(String model, Map<String, String> facts, EvaluationResult evaluated)
      throws IOException {
    Map<String, String> allFacts = new LinkedHashMap<>(facts);
    half.ifPresent(result -> allFacts.put("half precision", result.sentence()));
    ReportPage.write(
        folder,
        new ReportPage.Content(
            model,
            allFacts,
            realCaption,
            Optional.ofNullable(files.get(Manifest.LOSS_CURVES)),
            previews()),
        evaluated);
    file(ReportPage.FILE);
    file(ReportPage.JSON_FILE);
  }

  /** The previews by caption, from first to last. */
  private Map<String, Path> previews() {
    Map<String, Path> previews = new LinkedHashMap<>();
    for (String name : new TreeSet<>(files.keySet())) {
      Matcher matcher = NUMBERED.matcher(name);
      if (matcher.matches()) {
        previews.put("step " + Integer.parseInt(matcher.group(1)), files.get(name));
      }
    }
    previews.put("at the end", files.get(Manifest.PREVIEW));
    return previews;
  }

  /** Every file of the version, by name. */
  Map<String, Path> files() {
    return Map.copyOf(files);
  }

  /** Losses of the last steps, and how close half precision comes to full precision. */
  Map<String, Double> metrics() {
    Map<String, Double> metrics = curves.metrics();
    half.ifPresent(result -> metrics.putAll(result.metrics()));
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
