package io.refinery.trainer.service;

import io.refinery.bundle.BundleException;
import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.EngineException;
import io.refinery.message.ChannelAnnouncer;
import io.refinery.message.TrainingControl.Action;
import io.refinery.message.TrainingRequest;
import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import io.refinery.registry.CorruptModelException;
import io.refinery.registry.ModelNotFoundException;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.StorageException;
import io.refinery.storage.StorageException.Kind;
import io.refinery.storage.Workspace;
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
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The work on one training, from its order to the notice of how it ended. */
final class TrainingWork {

  /** Where trainings keep their files, in the work folder. */
  static final String FOLDER = "trainings";

  /** The plan to start from where an order names none. */
  static final Preset DEFAULT_PRESET = Preset.EYES_SIMULATED;

  private final TrainerConfig config;
  private final PublicationTarget store;
  private final Trainer trainer;
  private final ControlListener controls;
  private final ChannelAnnouncer announcer;
  private final TrainerMetrics metrics;

  TrainingWork(
      TrainerConfig config,
      PublicationTarget store,
      ControlListener controls,
      ChannelAnnouncer announcer,
      TrainerMetrics metrics) {
    this.config = config;
    this.store = store;
    this.trainer = new Trainer(Optional.of(store), config.workFolder().resolve("cache"));
    this.controls = controls;
    this.announcer = announcer;
    this.metrics = metrics;
  }

  /**
   * Goes on with a training, or begins it.
   *
   * @param ordered when the order came
   * @param stopped asked before every step
   * @return a last notice, or PAUSED, or RELEASED where {@code stopped} was true
   * @throws DeviceFailedException when the device is lost, which says nothing of the training
   * @throws StorageException when the store is away: trying again may help
   * @throws IOException and runtime exceptions: another delivery may help
   */
  TrainingUpdate run(
      TrainingRequest order,
      Instant ordered,
      TrainingUpdatePublisher voice,
      BooleanSupplier stopped)
      throws IOException {
    Supplier<ControlSignal> wish = () -> wish(order.id(), ordered, stopped);
    try (Workspace space = Workspace.in(config.workFolder().resolve(FOLDER), "training-")) {
      requireAllowed(order);
      boolean isDecided = store.registry().finishPublication(order.model(), order.id()).isPresent();
      // What is decided cannot be undone: the trainer finds its version, and trains nothing.
      return switch (isDecided ? ControlSignal.CONTINUE : wish.get()) {
        case CANCEL -> voice.notice(State.CANCELLED, "Before a step was done.");
        case PAUSE -> paused(voice, stopped, "It waits for a request of the same id.");
        case CONTINUE -> train(request(order, space.file("version")), voice, wish, stopped);
      };
    } catch (EngineMismatchException e) {
      // Its checkpoint is good: the end of the training would remove it.
      return voice.notice(State.PAUSED, e.getMessage());
    } catch (DeviceFailedException e) {
      throw e;
    } catch (BundleException
        | IllegalArgumentException
        | EngineException
        | ModelNotFoundException
        | CorruptModelException e) {
      return voice.notice(State.FAILED, e.getMessage());
    } catch (StorageException e) {
      if (e.kind() == Kind.UNAVAILABLE) {
        throw e;
      }
      return voice.notice(State.FAILED, e.getMessage());
    }
  }

  private TrainingUpdate train(
      TrainingSpec request,
      TrainingUpdatePublisher voice,
      Supplier<ControlSignal> wish,
      BooleanSupplier stopped)
      throws BundleException, IOException {
    TrainingResult result = trainer.train(request, new StepUpdates(voice, metrics::stepped), wish);
    if (result instanceof TrainingResult.Published published) {
      return published(published, voice);
    }
    if (result instanceof TrainingResult.Paused paused) {
      return paused(
          voice,
          stopped,
          "After step %d of %d; it waits for a request of the same id."
              .formatted(paused.completed(), paused.of()));
    }
    if (result instanceof TrainingResult.Cancelled cancelled) {
      return voice.notice(
          State.CANCELLED, "After step %d of %d.".formatted(cancelled.completed(), cancelled.of()));
    }
    if (result instanceof TrainingResult.Failed failed) {
      return voice.notice(State.FAILED, failed.cause());
    }
    throw new IllegalStateException("There is a registry, and nothing was published: " + result);
  }

  private static TrainingUpdate paused(
      TrainingUpdatePublisher voice, BooleanSupplier stopped, String detail) {
    return voice.notice(stopped.getAsBoolean() ? State.RELEASED : State.PAUSED, detail);
  }

  private TrainingUpdate published(
      TrainingResult.Published published, TrainingUpdatePublisher voice) {
    published.channels().moves().forEach(announcer::announce);
    return voice.published(
        published.version(),
        published.metrics(),
        published.channels().verdict().map(Verdict::reason));
  }

  private ControlSignal wish(String id, Instant ordered, BooleanSupplier stopped) {
    Optional<Action> wanted = controls.wanted(id, ordered);
    if (wanted.filter(action -> action == Action.CANCEL).isPresent()) {
      return ControlSignal.CANCEL;
    }
    return wanted.isPresent() || stopped.getAsBoolean()
        ? ControlSignal.PAUSE
        : ControlSignal.CONTINUE;
  }

  private void requireAllowed(TrainingRequest order) {
    Stream.of(order.synthetic(), order.real(), order.labelledReal())
        .flatMap(List::stream)
        .filter(bundle -> !config.allowedBuckets().contains(bundle.bucket()))
        .findFirst()
        .ifPresent(
            bundle -> {
              throw new IllegalArgumentException(
                  "Trainings may not read from the bucket '%s' of %s."
                      .formatted(bundle.bucket(), bundle));
            });
  }

  private TrainingSpec request(TrainingRequest order, Path folder) {
    TrainingPlan plan =
        order.preset().map(Preset::named).orElse(DEFAULT_PRESET).plan().with(order.plan());
    return new TrainingSpec(
        Optional.of(order.id()),
        order.model(),
        plan,
        source(order.synthetic()),
        source(order.real()),
        order.realCaption().orElse("real"),
        Optional.of(order.labelledReal()).filter(some -> !some.isEmpty()).map(TrainingWork::source),
        config.engine(),
        config.device(),
        order.from(),
        folder);
  }

  private static DataSource source(List<ObjectRef> bundles) {
    return new DataSource(bundles.stream().map(ObjectRef::toString).toList());
  }
}
