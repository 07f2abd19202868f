package io.refinery.console.demo;

import io.refinery.console.config.EngineOptionsFactory;
import io.refinery.console.config.Settings;
import io.refinery.console.connection.Connections;
import io.refinery.console.models.ShippedModel;
import io.refinery.console.train.TrainingProgress;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelVersion;
import io.refinery.simulator.Look;
import io.refinery.trainer.Trainer;
import io.refinery.trainer.TrainingResult;
import io.refinery.trainer.TrainingSpec;
import io.refinery.trainer.algorithm.ControlSignal;
import io.refinery.trainer.event.TrainingEvent;
import io.refinery.trainer.feed.DataSource;
import io.refinery.trainer.plan.Preset;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A short training on a separate thread that continues from the shipped model. */
final class DemoTraining implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DemoTraining.class);

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "refinery-training"));
  private final Connections connections;
  private volatile boolean cancelled;
  private volatile TrainingProgress shown;
  private Future<ModelVersion> version;

  private DemoTraining(Connections connections) {
    this.connections = connections;
  }

  static DemoTraining start(Connections connections, Path synthetic, Path camera, Path folder) {
    Settings.Trainer trainer = connections.settings().trainer();
    TrainingSpec request =
        new TrainingSpec(
            Optional.empty(),
            ShippedModel.NAME,
            Preset.QUICK.plan(),
            DataSource.of(synthetic),
            DataSource.of(camera),
            Look.CAMERA.description(),
            Optional.empty(),
            trainer.engine(),
            trainer.device(),
            Optional.of(ModelReference.parse(ShippedModel.NAME)),
            folder.resolve("training"));
    DemoTraining training = new DemoTraining(connections);
    training.version = training.thread.submit(() -> training.train(request));
    return training;
  }

  private ModelVersion train(TrainingSpec request) throws Exception {
    Trainer trainer =
        new Trainer(
            Optional.of(connections.trainingStore()),
            connections.settings().home().resolve("models"),
            EngineOptionsFactory.of(connections.settings()));
    TrainingResult result =
        trainer.train(
            request, this::show, () -> cancelled ? ControlSignal.CANCEL : ControlSignal.CONTINUE);
    if (result instanceof TrainingResult.Published published) {
      return published.version();
    }
    throw new IllegalStateException("The training ended without a version: " + result);
  }

  private void show(TrainingEvent event) {
    TrainingProgress progress = shown;
    if (progress != null) {
      progress.accept(event);
    }
  }

  /** Shows progress from now on, waits for the training to end, and returns its version. */
  ModelVersion await() throws InterruptedException {
    try (TrainingProgress progress = new TrainingProgress()) {
      shown = progress;
      return version.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "The training failed: " + e.getCause().getMessage(), e.getCause());
    } finally {
      shown = null;
    }
  }

  @Override
  public void close() {
    cancelled = true;
    thread.shutdown();
    try {
      // The training still writes to a folder that is deleted next.
      if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
        LOG.warn("The training did not end within a minute");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
