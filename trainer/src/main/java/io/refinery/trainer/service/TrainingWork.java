package io.refinery.trainer.service;

import io.refinery.bundle.BundleException;
import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.EngineException;
import io.refinery.message.TrainingControl.Action;
import io.refinery.message.TrainingRequest;
import io.refinery.message.TrainingSource;
import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import io.refinery.registry.CorruptModelException;
import io.refinery.registry.ModelNotFoundException;
import io.refinery.storage.AllowedObjects;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.StorageException;
import io.refinery.storage.Workspace;
import io.refinery.telemetry.LogLabels;
import io.refinery.trainer.EngineMismatchException;
import io.refinery.trainer.PublicationTarget;
import io.refinery.trainer.Trainer;
import io.refinery.trainer.TrainingResult;
import io.refinery.trainer.TrainingSpec;
import io.refinery.trainer.algorithm.ControlSignal;
import io.refinery.trainer.feed.DataSource;
import io.refinery.trainer.gate.Verdict;
import io.refinery.trainer.plan.Preset;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Runs one training, from its request to its last status update. */
final class TrainingWork {

  /** The folder of trainings' files in the work folder. */
  static final String FOLDER = "trainings";

  /** The plan to start from if a request names none. */
  static final Preset DEFAULT_PRESET = Preset.EYES_SIMULATED;

  private final TrainerConfig config;
  private final PublicationTarget store;
  private final Trainer trainer;
  private final TrainingControls controls;
  private final TrainerMetrics metrics;

  TrainingWork(
      TrainerConfig config,
      PublicationTarget store,
      TrainingControls controls,
      TrainerMetrics metrics) {
    this.config = config;
    this.store = store;
    this.trainer =
        new Trainer(
            Optional.of(store), config.workFolder().resolve("cache"), config.engineOptions());
    this.controls = controls;
    this.metrics = metrics;
  }

  /**
   * Starts or resumes a training.
   *
   * @param requested when the request arrived
   * @param stopped queried before every step
   * @return a last status update, or PAUSED, or RELEASED if {@code stopped} was true
   * @throws DeviceFailedException when the device is lost, whatever the training
   * @throws StorageException when the store is unavailable or says no
   * @throws ModelNotFoundException when the store does not have the version to continue from
   * @throws CorruptModelException when that version is damaged
   * @throws IOException when another delivery may help, as with runtime exceptions
   */
  TrainingUpdate run(
      TrainingRequest request,
      Instant requested,
      TrainingUpdatePublisher updates,
      BooleanSupplier stopped)
      throws IOException {
    Supplier<ControlSignal> wish = () -> wish(request.id(), requested, stopped);
    try (Workspace space = Workspace.in(config.workFolder().resolve(FOLDER), "training-")) {
      requireAllowed(request);
      boolean isDecided =
          store.registry().finishPublication(request.model(), request.id()).isPresent();
      // A decided publication cannot be undone: the trainer finds its version and trains nothing.
      return switch (isDecided ? ControlSignal.CONTINUE : wish.get()) {
        case CANCEL -> updates.update(State.CANCELLED, "Cancelled before the first step.");
        case PAUSE -> paused(updates, stopped, "Waiting for a request with the same id.");
        case CONTINUE -> train(spec(request, space.file("version")), updates, wish, stopped);
      };
    } catch (EngineMismatchException e) {
      // Keep its checkpoint, which is valid: ending the training would remove it.
      return updates.update(State.PAUSED, e.getMessage());
    } catch (DeviceFailedException e) {
      throw e;
    } catch (BundleException | IllegalArgumentException | EngineException e) {
      return updates.update(State.FAILED, e.getMessage());
    }
  }

  private TrainingUpdate train(
      TrainingSpec spec,
      TrainingUpdatePublisher updates,
      Supplier<ControlSignal> wish,
      BooleanSupplier stopped)
      throws BundleException, IOException {
    LogLabels.put(LogLabels.MODEL, spec.model());
    TrainingResult result;
    try (TrainingSpans events = new TrainingSpans(new StepUpdates(updates, this::stepped))) {
      result = trainer.train(spec, events, wish);
    }
    if (result instanceof TrainingResult.Published published) {
      return published(published, updates);
    }
    if (result instanceof TrainingResult.Paused paused) {
      return paused(
          updates,
          stopped,
          "Paused after step %d of %d; waiting for a request with the same id."
              .formatted(paused.completed(), paused.of()));
    }
    if (result instanceof TrainingResult.Cancelled cancelled) {
      return updates.update(
          State.CANCELLED,
          "Cancelled after step %d of %d.".formatted(cancelled.completed(), cancelled.of()));
    }
    if (result instanceof TrainingResult.Failed failed) {
      return updates.update(State.FAILED, failed.cause());
    }
    throw new IllegalStateException("Nothing was published despite a registry: " + result);
  }

  private void stepped(TrainingUpdate.Step step) {
    metrics.stepped(step);
    LogLabels.put("step", step.phase() + "/" + step.number());
  }

  private static TrainingUpdate paused(
      TrainingUpdatePublisher updates, BooleanSupplier stopped, String detail) {
    return updates.update(stopped.getAsBoolean() ? State.RELEASED : State.PAUSED, detail);
  }

  private TrainingUpdate published(
      TrainingResult.Published published, TrainingUpdatePublisher updates) {
    return updates.published(
        published.version(), published.metrics(), published.verdict().map(Verdict::reason));
  }

  private ControlSignal wish(String id, Instant requested, BooleanSupplier stopped) {
    Optional<Action> wanted = controls.wanted(id, requested);
    if (wanted.filter(action -> action == Action.CANCEL).isPresent()) {
      return ControlSignal.CANCEL;
    }
    return wanted.isPresent() || stopped.getAsBoolean()
        ? ControlSignal.PAUSE
        : ControlSignal.CONTINUE;
  }

  private void requireAllowed(TrainingRequest request) {
    AllowedObjects allowed = AllowedObjects.of(config.allowedBuckets());
    Stream.of(request.synthetic(), request.real(), request.labelledReal())
        .flatMap(source -> source.bundles().stream())
        .filter(bundle -> !allowed.contains(bundle))
        .findFirst()
        .ifPresent(
            bundle -> {
              throw new IllegalArgumentException(
                  "Trainings may not read %s: it is not in one of refinery.trainer.allowed-buckets."
                      .formatted(bundle));
            });
  }

  private TrainingSpec spec(TrainingRequest request, Path folder) {
    TrainingPlan plan =
        request.preset().map(Preset::named).orElse(DEFAULT_PRESET).plan().with(request.plan());
    return new TrainingSpec(
        Optional.of(request.id()),
        request.model(),
        plan,
        source(request.synthetic()),
        source(request.real()),
        request.realCaption().orElse("real"),
        Optional.of(request.labelledReal())
            .filter(some -> !some.isEmpty())
            .map(TrainingWork::source),
        config.engine(),
        config.device(),
        request.from(),
        folder);
  }

  private static DataSource source(TrainingSource source) {
    return new DataSource(
        source.bundles().stream().map(ObjectRef::toString).toList(), source.images());
  }
}
