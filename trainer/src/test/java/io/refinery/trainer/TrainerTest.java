package io.refinery.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.bundle.BundleException;
import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.engine.EngineOptions;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.Safetensors;
import io.refinery.registry.ModelReference;
import io.refinery.trainer.Squares.Look;
import io.refinery.trainer.TrainingResult.Cancelled;
import io.refinery.trainer.TrainingResult.Failed;
import io.refinery.trainer.TrainingResult.Written;
import io.refinery.trainer.algorithm.ControlSignal;
import io.refinery.trainer.event.TrainingEvent;
import io.refinery.trainer.event.TrainingEvent.Evaluating;
import io.refinery.trainer.event.TrainingEvent.Finding;
import io.refinery.trainer.event.TrainingEvent.Guard;
import io.refinery.trainer.event.TrainingEvent.Previewed;
import io.refinery.trainer.event.TrainingEvent.Started;
import io.refinery.trainer.event.TrainingEvent.Step;
import io.refinery.trainer.event.TrainingEvent.Trained;
import io.refinery.trainer.feed.DataSource;
import io.refinery.trainer.plan.Schedule;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {

  private static final Schedule SCHEDULE = new Schedule(4, 3, 2, 6, 2, 1, 8);

  @TempDir Path folder;

  private final List<TrainingEvent> events = new ArrayList<>();
  private Trainer trainer;
  private Path synthetic;
  private Path real;

  @BeforeEach
  void makeBundles() throws IOException {
    trainer = new Trainer(Optional.empty(), folder.resolve("cache"), EngineOptions.DEFAULTS);
    synthetic = Squares.bundle(folder, Look.DARK, 60, 1);
    real = Squares.bundle(folder, Look.BRIGHT, 60, 2);
  }

  @Test
  void writesEveryFileOfAVersionAndItsMetrics() throws Exception {
    Written written = (Written) train(Squares.plan(SCHEDULE));
    assertThat(written.folder())
        .isDirectoryContaining("glob:**/refiner.safetensors")
        .isDirectoryContaining("glob:**/discriminator.safetensors")
        .isDirectoryContaining("glob:**/refiner.onnx")
        .isDirectoryContaining("glob:**/refiner-half.onnx")
        .isDirectoryContaining("glob:**/losses.png")
        .isDirectoryContaining("glob:**/preview.png")
        .isDirectoryContaining("glob:**/report.json");
    assertThat(written.folder().resolve("report.html"))
        .content()
        .contains("guards", "no findings", "DARK.h5");
    assertThat(written.folder().resolve("losses.csv"))
        .content()
        .hasLineCount(1 + 3 + 2 + 6)
        .contains("adversarial,6,");
    assertThat(written.metrics())
        .containsKeys("refiner.loss", "discriminator.loss", "refiner.change.levels")
        .allSatisfy((name, value) -> assertThat(value).as(name).isFinite());
    assertThat(written.metrics().get("discriminator.accuracy.real")).isBetween(0.0, 1.0);
    assertThat(written.metrics().get("discriminator.accuracy.refined")).isBetween(0.0, 1.0);
  }

  @Test
  void reportsTheStartAndEveryStep() throws Exception {
    TrainingPlan plan = Squares.plan(SCHEDULE);
    train(plan);
    assertThat(events.get(0)).isEqualTo(new Started(plan, "dl4j", "cpu"));
    assertThat(events.subList(1, 12))
        .allSatisfy(event -> assertThat(event).isInstanceOf(Step.class));
    assertThat(events.get(12)).isInstanceOf(Trained.class);
    assertThat(events.get(13)).isEqualTo(new Evaluating());
    assertThat(events).hasSize(14);
  }

  @Test
  void writesAPreviewEveryFewSteps() throws Exception {
    train(Squares.plan(SCHEDULE).with(Map.of("previewInterval", "2")));
    List<Previewed> previews =
        events.stream().filter(Previewed.class::isInstance).map(Previewed.class::cast).toList();
    assertThat(previews).extracting(Previewed::step).containsExactly(2, 4);
    assertThat(ImageIO.read(previews.get(0).picture().toFile())).isNotNull();
  }

  @Test
  void theSameSeedMakesBitIdenticalWeights() throws Exception {
    byte[] one = refinerAfter(Squares.plan(SCHEDULE), "one");
    byte[] again = refinerAfter(Squares.plan(SCHEDULE), "again");
    byte[] other = refinerAfter(Squares.plan(SCHEDULE).with(Map.of("seed", "2")), "other");
    assertThat(again).isEqualTo(one).isNotEqualTo(other);
  }

  @Test
  void sumsAndPlainGradientDescentTrainToo() throws Exception {
    TrainingResult result =
        train(
            Squares.plan(SCHEDULE)
                .with(
                    Map.of(
                        "losses.adversarial", "SUM",
                        "losses.selfRegularisation", "SUM",
                        "refinerOptimizer", "{\"type\":\"sgd\",\"learningRate\":1e-6}",
                        "discriminatorOptimizer", "{\"type\":\"sgd\",\"learningRate\":1e-4}")));
    assertThat(result).isInstanceOf(Written.class);
  }

  @Test
  void aTrainingThatDivergesSaysWhereAndLeavesNoWeights() throws Exception {
    TrainingResult result =
        train(
            Squares.plan(SCHEDULE)
                .with(
                    Map.of(
                        "losses.adversarial", "SUM",
                        "discriminatorOptimizer", "{\"type\":\"sgd\",\"learningRate\":1e30}")));
    assertThat(result).isInstanceOf(Failed.class);
    assertThat(((Failed) result).cause()).contains("Lower the learning rates");
    assertThat(folder.resolve("version/refiner.safetensors")).doesNotExist();
  }

  @Test
  void aCancelledTrainingStopsBeforeItsNextStepAndLeavesNoWeights() throws Exception {
    TrainingResult result =
        trainer.train(
            request(Squares.plan(SCHEDULE), "version"),
            events::add,
            () -> events.size() > 4 ? ControlSignal.CANCEL : ControlSignal.CONTINUE);
    assertThat(result).isEqualTo(new Cancelled(4, 11));
    assertThat(folder.resolve("version/refiner.safetensors")).doesNotExist();
  }

  @Test
  void colourImagesTrainNetworksWithAsManyChannels() throws Exception {
    ImageShape colour = new ImageShape(3, 8, 8);
    float[] pixels = new float[20 * colour.values()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (i * 37 % 200) / 100f - 1;
    }
    synthetic = Squares.bundle(folder.resolve("a.h5"), new ImageBatch(20, colour, pixels));
    float[] others = new float[pixels.length];
    for (int i = 0; i < others.length; i++) {
      others[i] = (i * 41 % 200) / 100f - 1;
    }
    real = Squares.bundle(folder.resolve("b.h5"), new ImageBatch(20, colour, others));
    assertThat(train(Squares.plan(SCHEDULE))).isInstanceOf(Written.class);
    assertThat(Safetensors.read(folder.resolve("version/refiner.safetensors")).tensors())
        .hasEntrySatisfying(
            "conv_out.weight", last -> assertThat(last.shape()).containsExactly(3, 6, 1, 1));
  }

  @Test
  void everyParameterTrains() throws Exception {
    assertThat(
            train(
                Squares.plan(SCHEDULE)
                    .with(
                        Map.of(
                            "schedule.batch", "5",
                            "schedule.historySize", "0",
                            "losses.scope", "GLOBAL",
                            "losses.labelSmoothing", "0.1",
                            "refinerOptimizer",
                                "{\"type\":\"sgd\",\"learningRate\":0.01,\"momentum\":0.9}",
                            "gradientClip", "0.5",
                            "feed.flip", "true",
                            "feed.equalise", "true"))))
        .isInstanceOf(Written.class);
  }

  @Test
  void guardFindingsAreReportedAndAFatalOneLeavesNoFiles() throws Exception {
    TrainingPlan still =
        Squares.plan(SCHEDULE)
            .with(
                Map.of(
                    "schedule.refinerPretraining", "0",
                    "losses.lambda", "0",
                    "refinerOptimizer.learningRate", "10",
                    "guards.window", "1",
                    "guards.collapse", "FATAL"));
    TrainingResult result = train(still);
    assertThat(result).isInstanceOf(Failed.class);
    assertThat(((Failed) result).cause())
        .startsWith("collapse: Refined images collapsed, seen at step 1");
    assertThat(events)
        .filteredOn(Finding.class::isInstance)
        .anySatisfy(
            found ->
                assertThat(((Finding) found))
                    .matches(one -> one.guard() == Guard.COLLAPSE && one.fatal()));
    assertThat(folder.resolve("version/refiner.safetensors")).doesNotExist();
  }

  @Test
  void theSameBlackFileAsBothDomainsIsRefusedBeforeAStep() throws Exception {
    synthetic = Squares.bundle(folder.resolve("black.h5"), plain(60, -1));
    real = synthetic;
    assertThat(refusal()).contains("constant-images: ", "shared-images: ", "black.h5");
  }

  @Test
  void fortyEqualRealImagesAreRefusedBeforeAStep() throws Exception {
    ImageBatch one = Squares.images(Look.BRIGHT, 1, 2);
    real =
        Squares.bundle(folder.resolve("equal.h5"), ImageBatch.concat(Collections.nCopies(40, one)));
    assertThat(refusal())
        .startsWith("constant-images: The 40 real images (")
        .contains("equal.h5", "all the same image");
  }

  @Test
  void whatIsOddAboutTheDomainsIsReportedBeforeTheFirstStep() throws Exception {
    real =
        Squares.bundle(
            folder.resolve("odd.h5"),
            ImageBatch.concat(
                List.of(Squares.images(Look.BRIGHT, 40, 2), Squares.images(Look.BRIGHT, 3, 2))));
    Written written = (Written) train(Squares.plan(SCHEDULE));
    assertThat(events.get(0)).isInstanceOf(Started.class);
    assertThat(events.get(1))
        .isInstanceOfSatisfying(
            Finding.class,
            found -> {
              assertThat(found.guard()).isEqualTo(Guard.DUPLICATE_IMAGES);
              assertThat(found.fatal()).isFalse();
            });
    assertThat(events.get(2)).isInstanceOf(Step.class);
    assertThat(written.folder().resolve("report.html")).content().contains("exact copies");
  }

  @Test
  void aTrainingShorterThanTheGuardsWindowIsJudgedBeforePublication() throws Exception {
    TrainingResult result =
        train(
            Squares.plan(new Schedule(4, 0, 0, 5, 2, 1, 8))
                .with(Map.of("refinerOptimizer.learningRate", "10")));
    assertThat(result).isInstanceOf(Failed.class);
    assertThat(((Failed) result).cause()).contains("seen before publication");
    assertThat(folder.resolve("version/refiner.safetensors")).doesNotExist();
    assertThat(events).doesNotHaveAnyElementsOfTypes(Evaluating.class);
  }

  @Test
  void aShortTrainingThatPassesSaysWhatWasSeen() throws Exception {
    Written written = (Written) train(Squares.plan(new Schedule(4, 0, 0, 1, 2, 1, 8)));
    assertThat(written.folder().resolve("report.html"))
        .content()
        .contains("no findings", "On 10 held-out images, a pixel changes by");
  }

  @Test
  void reportsTheTimeOfItsStepsAndTheirWaitForData() throws Exception {
    Written written = (Written) train(Squares.plan(SCHEDULE));
    assertThat(written.metrics().get("training.steps-per-second")).isPositive();
    assertThat(written.metrics().get("training.data-wait.share")).isBetween(0.0, 1.0);
  }

  @Test
  void domainsOfDifferentShapesAreRejectedByName() throws Exception {
    ImageShape other = new ImageShape(1, 8, 8);
    real = Squares.bundle(folder.resolve("other.h5"), new ImageBatch(9, other, new float[9 * 64]));
    assertThatThrownBy(() -> train(Squares.plan(SCHEDULE)))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("DARK.h5 are 16x12 gray")
        .hasMessageContaining("other.h5 are 8x8 gray");
  }

  @Test
  void anInvalidBundleIsNamed() throws Exception {
    Files.writeString(real, "no images here");
    assertThatThrownBy(() -> train(Squares.plan(SCHEDULE)))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("BRIGHT.h5");
  }

  @Test
  void anEngineThatCannotRunSaysWhatIsMissing() {
    TrainingSpec request =
        new TrainingSpec(
            Optional.empty(),
            "squares",
            Squares.plan(SCHEDULE),
            DataSource.of(synthetic),
            DataSource.of(real),
            "real",
            Optional.empty(),
            "torch",
            Device.cpu(),
            Optional.empty(),
            folder.resolve("version"));
    assertThatThrownBy(() -> trainer.train(request, events::add, () -> ControlSignal.CONTINUE))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("torch");
  }

  @Test
  void aParentNeedsARegistryAndTheSameModel() {
    TrainingSpec request = request(Squares.plan(SCHEDULE), "version");
    assertThatThrownBy(
            () ->
                trainer.train(
                    request.from(ModelReference.parse("squares@1")),
                    events::add,
                    () -> ControlSignal.CONTINUE))
        .hasMessageContaining("no registry to fetch squares@1 from");
    assertThatThrownBy(() -> request.from(ModelReference.parse("eyes@1")))
        .hasMessageContaining("A version of squares cannot start from eyes@1");
  }

  private TrainingResult train(TrainingPlan plan) throws Exception {
    return trainer.train(request(plan, "version"), events::add, () -> ControlSignal.CONTINUE);
  }

  private TrainingSpec request(TrainingPlan plan, String name) {
    return new TrainingSpec(
        "squares", plan, DataSource.of(synthetic), DataSource.of(real), folder.resolve(name));
  }

  private byte[] refinerAfter(TrainingPlan plan, String name) throws Exception {
    trainer.train(request(plan, name), events::add, () -> ControlSignal.CONTINUE);
    Path file = folder.resolve(name).resolve("refiner.safetensors");
    assertThat(Safetensors.read(file).tensors()).isNotEmpty();
    return Files.readAllBytes(file);
  }

  private String refusal() throws Exception {
    TrainingResult result = train(Squares.plan(SCHEDULE));
    assertThat(result).isInstanceOf(Failed.class);
    assertThat(events)
        .isNotEmpty()
        .allMatch(event -> event instanceof Finding found && found.fatal());
    assertThat(folder.resolve("version/refiner.safetensors")).doesNotExist();
    return ((Failed) result).cause();
  }

  private static ImageBatch plain(int count, float level) {
    float[] pixels = new float[count * Squares.SHAPE.values()];
    Arrays.fill(pixels, level);
    return new ImageBatch(count, Squares.SHAPE, pixels);
  }
}
