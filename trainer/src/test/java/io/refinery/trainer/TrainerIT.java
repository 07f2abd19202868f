package io.refinery.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.json.Json;
import io.refinery.registry.ChannelMover;
import io.refinery.registry.LocalModel;
import io.refinery.registry.Manifest;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.MoveReason;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import io.refinery.trainer.Squares.Look;
import io.refinery.trainer.algorithm.ControlSignal;
import io.refinery.trainer.event.TrainingEvent;
import io.refinery.trainer.event.TrainingEvent.CheckpointSkipped;
import io.refinery.trainer.event.TrainingEvent.Checkpointed;
import io.refinery.trainer.event.TrainingEvent.Published;
import io.refinery.trainer.event.TrainingEvent.Resumed;
import io.refinery.trainer.event.TrainingEvent.Step;
import io.refinery.trainer.feed.DataSource;
import io.refinery.trainer.gate.GateSettings;
import io.refinery.trainer.plan.Preset;
import io.refinery.trainer.plan.Schedule;
import io.refinery.trainer.plan.TrainingPlan;
import io.refinery.trainer.report.LossLog;
import io.refinery.trainer.report.ReportPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@StackTest
class TrainerIT {

  private static final Schedule SCHEDULE = new Schedule(4, 3, 2, 6, 2, 1, 8);

  @TempDir private Path folder;

  private final ObjectStorage storage;
  private final String bucket;
  private final List<TrainingEvent> events = new ArrayList<>();
  private ModelRegistry registry;
  private Trainer trainer;

  TrainerIT(Stack stack) {
    storage = stack.storage();
    bucket = stack.bucket();
  }

  @BeforeEach
  void start() throws IOException {
    registry = new ModelRegistry(storage, bucket, folder.getFileName().toString());
    trainer =
        new Trainer(
            Optional.of(
                new PublicationTarget(
                    storage,
                    bucket,
                    registry,
                    (model, channel, pointer) -> {},
                    GateSettings.OFF,
                    "test")),
            folder.resolve("cache"),
            EngineOptions.DEFAULTS);
    Squares.bundle(folder, Look.DARK, 60, 1);
    Squares.bundle(folder, Look.BRIGHT, 60, 2);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void publishesAValidVersionThatRefinesAsTrained() throws Exception {
    TrainingPlan plan = Squares.plan(SCHEDULE);
    train(request(plan));
    LocalModel model = latest();
    assertThat(model.version()).isEqualTo(new ModelVersion("squares", 1));
    assertThat(model.manifest().files())
        .containsOnlyKeys(
            Manifest.REFINER_WEIGHTS,
            Manifest.REFINER_ONNX,
            Manifest.REFINER_HALF_ONNX,
            Manifest.DISCRIMINATOR_WEIGHTS,
            Manifest.PREVIEW,
            Manifest.LOSS_CURVES,
            LossLog.FILE,
            ReportPage.FILE,
            ReportPage.JSON_FILE);
    ImageBatch images = Squares.images(Look.DARK, 5, 9);
    assertThat(refine(model, "onnx", images).pixels())
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(refine(model, "dl4j", images).pixels());
    assertThat(events).last().isEqualTo(new Published(model.version()));
  }

  @Test
  void theManifestRecordsHowTheVersionWasMade() throws Exception {
    TrainingPlan plan = Squares.plan(SCHEDULE);
    train(request(plan));
    Manifest manifest = latest().manifest();
    assertThat(Json.mapper().treeToValue(manifest.training(), TrainingPlan.class)).isEqualTo(plan);
    assertThat(manifest.training().at("/data/synthetic/0/bundle").asText()).endsWith("DARK.h5");
    assertThat(manifest.training().at("/data/real/0/content").asText())
        .matches("sha256:[0-9a-f]{64}");
    assertThat(manifest.shape()).isEqualTo(Squares.SHAPE);
    assertThat(manifest.engine()).startsWith("dl4j: ");
    assertThat(manifest.parent()).isEmpty();
    assertThat(manifest.metrics())
        .containsKeys(
            "refiner.loss",
            "discriminator.loss",
            "discriminator.accuracy.real",
            "discriminator.accuracy.refined",
            "refiner.change.levels",
            "half.within-a-level.share");
  }

  @Test
  void aChildStartsFromBothNetworksOfItsParent() throws Exception {
    train(request(Squares.plan(SCHEDULE)));
    LocalModel parent = latest();
    TrainingPlan noSteps = Preset.QUICK.plan().with(Map.of("schedule.steps", "0"));
    noSteps = noSteps.with(Map.of("schedule.discriminatorPretraining", "0"));
    train(request(noSteps).from(ModelReference.parse("squares@1")));
    LocalModel child = latest();
    assertThat(child.version().number()).isEqualTo(2);
    assertThat(child.manifest().parent()).contains(1);
    assertThat(child.manifest().refiner()).isEqualTo(parent.manifest().refiner());
    for (String file : List.of(Manifest.REFINER_WEIGHTS, Manifest.DISCRIMINATOR_WEIGHTS)) {
      assertThat(child.file(file)).hasSameBinaryContentAs(parent.file(file));
    }
  }

  @Test
  void divergedAndCancelledTrainingsAreNotPublished() throws Exception {
    TrainingPlan wild =
        Squares.plan(SCHEDULE)
            .with(
                Map.of(
                    "losses.adversarial", "SUM",
                    "discriminatorOptimizer", "{\"type\":\"sgd\",\"learningRate\":1e30}"));
    assertThat(trainer.train(request(wild), events::add, () -> ControlSignal.CONTINUE))
        .isInstanceOf(TrainingResult.Failed.class);
    assertThat(
            trainer.train(request(Squares.plan(SCHEDULE)), events::add, () -> ControlSignal.CANCEL))
        .isInstanceOf(TrainingResult.Cancelled.class);
    assertThat(registry.versions("squares")).isEmpty();
  }

  @Test
  void aVersionThatAGuardRejectsLeavesLatestAloneAndIsPublishedOnceTheGuardOnlyWarns()
      throws Exception {
    train(request(Squares.plan(SCHEDULE)));
    TrainingPlan wild = Squares.plan(SCHEDULE).with(Map.of("refinerOptimizer.learningRate", "10"));
    TrainingResult result =
        trainer.train(request(wild).as("wild"), events::add, () -> ControlSignal.CONTINUE);
    assertThat(result).isInstanceOf(TrainingResult.Failed.class);
    assertThat(((TrainingResult.Failed) result).cause()).contains("before publication");
    assertThat(registry.versions("squares")).containsExactly(1);
    assertThat(latest().version().number()).isEqualTo(1);
    events.clear();
    train(
        request(wild.with(Map.of("guards.saturation", "WARN", "guards.collapse", "WARN")))
            .as("wild"));
    assertThat(steps()).as("resumed after its last step").isZero();
    assertThat(latest().version().number()).isEqualTo(2);
  }

  @Test
  void aVersionIsComparedWithTheServedOne() throws Exception {
    train(request(Squares.plan(SCHEDULE)));
    new ChannelMover(registry, (model, channel, pointer) -> {})
        .move("squares", "stable", 1, new MoveReason(MoveReason.Cause.PROMOTION, "test", "first"));
    train(request(Squares.plan(SCHEDULE).with(Map.of("schedule.steps", "9"))));
    Map<String, Double> metrics = latest().manifest().metrics();
    assertThat(metrics)
        .containsKeys(
            "distance.kernel.synthetic",
            "distance.kernel.refined",
            "distance.kernel.stable",
            "discriminator.fresh.accuracy");
    assertThat(metrics.get("distance.kernel.stable"))
        .isNotEqualTo(metrics.get("distance.kernel.refined"));
  }

  @Test
  void aPausedTrainingResumesWhereItStoppedAndPublishesOnce() throws Exception {
    TrainingSpec request = request(Squares.plan(SCHEDULE)).as("squares-again");
    assertThat(
            trainer.train(
                request,
                events::add,
                () -> steps() < 4 ? ControlSignal.CONTINUE : ControlSignal.PAUSE))
        .isEqualTo(new TrainingResult.Paused(4, 11));
    assertThat(events).last().isEqualTo(new Checkpointed(4, 11));
    assertThat(registry.versions("squares")).isEmpty();
    events.clear();
    train(request);
    assertThat(events).contains(new Resumed(4, 11));
    assertThat(steps()).isEqualTo(11 - 4);
    train(request);
    assertThat(registry.versions("squares")).containsExactly(1);
  }

  @Test
  void aResumedTrainingKeepsItsOriginalParent() throws Exception {
    train(request(Squares.plan(SCHEDULE)));
    TrainingSpec child =
        request(Squares.plan(SCHEDULE)).from(ModelReference.parse("squares@latest")).as("child");
    events.clear();
    trainer.train(
        child, events::add, () -> steps() < 4 ? ControlSignal.CONTINUE : ControlSignal.PAUSE);
    train(request(Squares.plan(SCHEDULE)));
    train(child);
    assertThat(latest().version().number()).isEqualTo(3);
    assertThat(latest().manifest().parent()).contains(1);
  }

  @Test
  void atMostTwoCheckpointsAreKeptAndNoneAfterPublication() throws Exception {
    TrainingSpec often =
        request(Squares.plan(SCHEDULE).with(Map.of("checkpointInterval", "2"))).as("often");
    trainer.train(
        often, events::add, () -> steps() < 9 ? ControlSignal.CONTINUE : ControlSignal.PAUSE);
    assertThat(events.stream().filter(Checkpointed.class::isInstance)).hasSize(5);
    assertThat(storage.list(bucket, "trainings/often/checkpoints/"))
        .extracting(object -> object.ref().key())
        .containsExactly(
            "trainings/often/checkpoints/000000000008.zip",
            "trainings/often/checkpoints/000000000009.zip");
    train(often);
    assertThat(storage.list(bucket, "trainings/often/checkpoints/")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDamagedCheckpointIsPassedOver(boolean cut) throws Exception {
    String id = "damaged-" + cut;
    TrainingSpec often =
        request(Squares.plan(SCHEDULE).with(Map.of("checkpointInterval", "2"))).as(id);
    trainer.train(
        often, events::add, () -> steps() < 9 ? ControlSignal.CONTINUE : ControlSignal.PAUSE);
    ObjectRef newest = new ObjectRef(bucket, "trainings/" + id + "/checkpoints/000000000009.zip");
    byte[] bytes = storage.read(newest, Long.MAX_VALUE).bytes();
    bytes[bytes.length / 2] ^= 1;
    storage.put(newest, cut ? Arrays.copyOf(bytes, bytes.length / 2) : bytes);
    events.clear();

    train(often);

    assertThat(events)
        .contains(new Resumed(8, 11))
        .filteredOn(CheckpointSkipped.class::isInstance)
        .singleElement()
        .asString()
        .contains("000000000009.zip is damaged");
  }

  @Test
  void aTrainingDoesNotResumeWithAnotherPlan() throws Exception {
    TrainingSpec request = request(Squares.plan(SCHEDULE)).as("changed");
    trainer.train(
        request, events::add, () -> steps() < 4 ? ControlSignal.CONTINUE : ControlSignal.PAUSE);
    TrainingPlan other = Squares.plan(SCHEDULE).with(Map.of("seed", "2"));
    assertThatThrownBy(
            () ->
                trainer.train(
                    request(other).as("changed"), events::add, () -> ControlSignal.CONTINUE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Training changed was started with other settings (seed: 1, not 2). Use those, or"
                + " another id.");
  }

  private long steps() {
    return events.stream().filter(Step.class::isInstance).count();
  }

  private void train(TrainingSpec request) throws Exception {
    assertThat(trainer.train(request, events::add, () -> ControlSignal.CONTINUE))
        .isInstanceOf(TrainingResult.Published.class);
  }

  private TrainingSpec request(TrainingPlan plan) {
    return new TrainingSpec(
        "squares",
        plan,
        DataSource.of(folder.resolve("DARK.h5")),
        DataSource.of(folder.resolve("BRIGHT.h5")),
        folder.resolve("version"));
  }

  private LocalModel latest() {
    return registry.fetch(
        registry.resolve(ModelReference.parse("squares@latest")), folder.resolve("fetched"));
  }

  private static ImageBatch refine(LocalModel model, String engine, ImageBatch images) {
    try (Refiner refiner =
        EngineSelection.refining(engine, Device.cpu(), EngineOptions.DEFAULTS)
            .engine()
            .refiner(model.refiner(), Device.cpu(), Precision.FULL)) {
      return refiner.refine(images);
    }
  }
}
