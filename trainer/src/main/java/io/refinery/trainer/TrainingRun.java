package io.refinery.trainer;

import io.refinery.bundle.BundleException;
import io.refinery.engine.AdversarialPair;
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

/** The steps of one training, with what goes along with them: records, guards, checkpoints. */
final class TrainingRun implements AutoCloseable {

  private static final long HISTORY_STREAM = 3;

  /**
   * What is trained, on what.
   *
   * @param start what a checkpoint says as long as no step is done
   */
  record Setting(
      TrainingPlan plan, OpenDomains domains, AdversarialPair pair, CheckpointMetadata start) {}

  private final Setting setting;
  private final Optional<Checkpoints> checkpoints;
  private final Consumer<TrainingEvent> listener;
  private final HistoryBuffer history;
  private final VersionFilesWriter records;
  private final AdversarialTraining training;
  private final Guards guards;
  private final Path scratch;
  private final double secondsBefore;
  private final double waitedBefore;
  private final Map<Guard, String> warnings;
  private long startNanos;

  /**
   * @param resumed checkpoint to go on from, which says {@code setting.start()}
   * @param folder of the records
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
    records = new VersionFilesWriter(plan, setting.pair(), domains, realCaption, folder, restored);
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
    scratch = folder.resolve("checkpoint.partial");
    secondsBefore = setting.start().seconds();
    waitedBefore = setting.start().waited();
    warnings = new EnumMap<>(Guard.class);
    warnings.putAll(setting.start().warnings());
  }

  VersionFilesWriter records() {
    return records;
  }

  /** What each guard has found last. */
  Collection<String> warnings() {
    return List.copyOf(warnings.values());
  }

  long completed() {
    return training.completed();
  }

  /** Goes on to the last step, or until there is a reason to stop; leaves a checkpoint then. */
  TrainingOutcome run(Supplier<ControlSignal> wish) throws BundleException, IOException {
    startNanos = System.nanoTime();
    if (training.completed() > 0) {
      listener.accept(new Resumed(training.completed(), total()));
    }
    TrainingOutcome outcome = training.run(this::done, wish);
    boolean goesOn =
        outcome instanceof TrainingOutcome.Completed || outcome instanceof TrainingOutcome.Paused;
    if (goesOn && training.completed() > setting.start().completed()) {
      checkpoint();
    }
    return outcome;
  }

  private Optional<String> done(Step step) throws IOException {
    Optional<Path> preview = records.add(step);
    listener.accept(step);
    preview.ifPresent(picture -> listener.accept(new Previewed(step.number(), picture)));
    Optional<String> reason = judge(step);
    int interval = setting.plan().checkpointInterval();
    boolean last = training.completed() == total();
    if (reason.isEmpty() && !last && interval > 0 && training.completed() % interval == 0) {
      checkpoint();
    }
    return reason;
  }

  private Optional<String> judge(Step step) {
    List<Finding> findings = new ArrayList<>(guards.after(step));
    if (guards.isLookDue(step)) {
      ImageBatch sample = records.sample();
      findings.addAll(guards.look(step.number(), sample, setting.pair().refine(sample)));
    }
    for (Finding finding : findings) {
      warnings.put(finding.guard(), finding.sentence());
      listener.accept(finding);
    }
    return findings.stream().filter(Finding::fatal).map(Finding::sentence).findFirst();
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

  /** Of all steps so far, those before a resume too. */
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
