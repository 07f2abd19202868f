package io.refinery.trainer;

import io.refinery.bundle.BundleException;
import io.refinery.engine.AdversarialPair;
import io.refinery.engine.EngineOptions;
import io.refinery.image.ImageBatch;
import io.refinery.trainer.algorithm.AdversarialTraining;
import io.refinery.trainer.algorithm.ControlSignal;
import io.refinery.trainer.algorithm.HistoryBuffer;
import io.refinery.trainer.algorithm.TrainingOutcome;
import io.refinery.trainer.checkpoint.CheckpointFile;
import io.refinery.trainer.checkpoint.CheckpointMetadata;
import io.refinery.trainer.checkpoint.Checkpoints;
import io.refinery.trainer.event.TrainingEvent;
import io.refinery.trainer.event.TrainingEvent.Checkpointed;
import io.refinery.trainer.event.TrainingEvent.Finding;
import io.refinery.trainer.event.TrainingEvent.Guard;
import io.refinery.trainer.event.TrainingEvent.Previewed;
import io.refinery.trainer.event.TrainingEvent.Resumed;
import io.refinery.trainer.event.TrainingEvent.Speed;
import io.refinery.trainer.event.TrainingEvent.Step;
import io.refinery.trainer.guard.Guards;
import io.refinery.trainer.guard.ImageGuards;
import io.refinery.trainer.plan.Seeds;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Runs the steps of one training, and with them its records, guards and checkpoints. */
final class TrainingRun implements AutoCloseable {

  private static final long HISTORY_STREAM = 3;

  /** The most held-out images that are refined together before publication. */
  private static final int INSPECTED = 256;

  /**
   * The networks to train, the plan and the images.
   *
   * @param found what was found in the domains
   * @param start metadata of the checkpoint to resume from, or of a fresh start
   * @param engineOptions of all engines
   */
  record Setting(
      TrainingPlan plan,
      OpenDomains domains,
      List<Finding> found,
      AdversarialPair pair,
      CheckpointMetadata start,
      EngineOptions engineOptions) {}

  private final Setting setting;
  private final Optional<Checkpoints> checkpoints;
  private final Consumer<TrainingEvent> listener;
  private final HistoryBuffer history;
  private final VersionFilesWriter records;
  private final AdversarialTraining training;
  private final Guards guards;
  private final ImageGuards imageGuards;
  private final Path scratch;
  private final double secondsBefore;
  private final double waitedBefore;
  private final Map<Guard, String> warnings;
  private long startNanos;

  /**
   * @param resumed checkpoint to resume from, with the metadata {@code setting.start()}
   * @param folder for the records
   */
  TrainingRun(
      Setting setting,
      Optional<Path> resumed,
      Optional<Checkpoints> checkpoints,
      String realCaption,
      Path folder,
      Consumer<TrainingEvent> listener)
      throws IOException {
    this.setting = setting;
    this.checkpoints = checkpoints;
    this.listener = listener;
    TrainingPlan plan = setting.plan();
    OpenDomains domains = setting.domains();
    history =
        new HistoryBuffer(
            plan.schedule().historySize(),
            domains.shape(),
            Seeds.derive(plan.seed(), HISTORY_STREAM),
            setting.pair().memory());
    List<Path> restored =
        resumed.isPresent()
            ? CheckpointFile.restore(resumed.get(), setting.pair(), history, folder)
            : List.of();
    records =
        new VersionFilesWriter(
            plan, setting.pair(), domains, realCaption, folder, restored, setting.engineOptions());
    training =
        new AdversarialTraining(
            setting.pair(),
            domains.synthetic(),
            domains.real(),
            plan.schedule(),
            plan::learningRateFactor,
            history);
    training.resumeAfter(setting.start().completed());
    guards =
        new Guards(
            plan.guards(),
            plan.losses(),
            plan.schedule().batch(),
            plan.patches(domains.shape()).count());
    imageGuards = new ImageGuards(plan.guards());
    scratch = folder.resolve("checkpoint.partial");
    secondsBefore = setting.start().seconds();
    waitedBefore = setting.start().waited();
    warnings = new EnumMap<>(Guard.class);
    warnings.putAll(setting.start().warnings());
  }

  VersionFilesWriter records() {
    return records;
  }

  /** What was found in the domains, and the latest finding of each guard. */
  Collection<String> warnings() {
    return Stream.concat(
            setting.found().stream().map(Finding::sentence), warnings.values().stream())
        .toList();
  }

  long completed() {
    return training.completed();
  }

  /**
   * Runs to the last step or to the first reason to stop. Saves a checkpoint at the end or on a
   * pause.
   */
  TrainingOutcome run(Supplier<ControlSignal> control) throws BundleException, IOException {
    startNanos = System.nanoTime();
    setting.found().forEach(listener);
    if (training.completed() > 0) {
      listener.accept(new Resumed(training.completed(), total()));
    }
    TrainingOutcome outcome = training.run(this::done, control);
    boolean resumable =
        outcome instanceof TrainingOutcome.Completed || outcome instanceof TrainingOutcome.Paused;
    if (resumable && training.completed() > setting.start().completed()) {
      checkpoint();
    }
    return outcome;
  }

  private Optional<String> done(Step step) throws IOException {
    Optional<Path> preview = records.add(step);
    listener.accept(step);
    preview.ifPresent(picture -> listener.accept(new Previewed(step.number(), picture)));
    Optional<String> reason = check(step);
    int interval = setting.plan().checkpointInterval();
    boolean last = training.completed() == total();
    if (reason.isEmpty() && !last && interval > 0 && training.completed() % interval == 0) {
      checkpoint();
    }
    return reason;
  }

  private Optional<String> check(Step step) {
    List<Finding> findings = new ArrayList<>(guards.after(step));
    if (guards.isLookDue(step)) {
      findings.addAll(imageGuards.during(step.number(), images(records.sample())));
    }
    return tell(findings);
  }

  /**
   * The check of a version before it is published.
   *
   * @param rejection why it must not be published, if so
   * @param sentence what was measured; empty if the weights are not finite
   */
  record Inspected(Optional<String> rejection, Optional<String> sentence) {}

  /** Checks both networks, and what R makes of held-out images, however few steps were run. */
  Inspected inspect() {
    List<Finding> broken =
        Stream.of(setting.pair().refinerWeights(), setting.pair().discriminatorWeights())
            .flatMap(network -> Guards.inspect(network).stream())
            .toList();
    if (!broken.isEmpty()) {
      return new Inspected(tell(broken), Optional.empty());
    }
    ImageBatch synthetic = setting.domains().synthetic().heldOut().images();
    ImageGuards.Inspection seen =
        imageGuards.beforePublication(
            images(synthetic.slice(0, Math.min(INSPECTED, synthetic.count()))));
    return new Inspected(tell(seen.findings()), Optional.of(seen.sentence()));
  }

  private ImageGuards.Images images(ImageBatch synthetic) {
    return new ImageGuards.Images(
        synthetic, setting.pair().refine(synthetic), setting.domains().real().heldOut().images());
  }

  /** Reports findings. Returns the first fatal one. */
  private Optional<String> tell(List<Finding> findings) {
    for (Finding finding : findings) {
      warnings.put(finding.guard(), finding.sentence());
      listener.accept(finding);
    }
    return findings.stream().filter(Finding::fatal).map(Finding::summary).findFirst();
  }

  private void checkpoint() throws IOException {
    if (checkpoints.isEmpty()) {
      return;
    }
    try {
      CheckpointFile.write(scratch, progress(), setting.pair(), history, records.checkpoint());
      checkpoints.get().save(scratch, training.completed());
    } finally {
      Files.deleteIfExists(scratch);
    }
    listener.accept(new Checkpointed(training.completed(), total()));
  }

  private CheckpointMetadata progress() {
    CheckpointMetadata start = setting.start();
    Speed speed = speed();
    return new CheckpointMetadata(
        start.model(),
        start.plan(),
        start.data(),
        start.engine(),
        start.parent(),
        training.completed(),
        setting.domains().synthetic().position(),
        setting.domains().real().position(),
        speed.seconds(),
        speed.waited(),
        warnings);
  }

  /** The speed over all steps so far, including those before a resume. */
  Speed speed() {
    return new Speed(
        training.completed(),
        secondsBefore + (System.nanoTime() - startNanos) / 1e9,
        waitedBefore + setting.domains().waited());
  }

  private long total() {
    return setting.plan().schedule().total();
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
