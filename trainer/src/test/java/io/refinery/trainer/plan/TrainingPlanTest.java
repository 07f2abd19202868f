package io.refinery.trainer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.refinery.engine.Losses.Reduction;
import io.refinery.engine.Optimizer;
import io.refinery.json.Json;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerNetwork;
import io.refinery.trainer.plan.TrainingPlan.Feed;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class TrainingPlanTest {

  static final List<Preset> PRESETS = Preset.ALL;

  @ParameterizedTest
  @FieldSource("PRESETS")
  void everyPresetSurvivesARoundTripThroughJson(Preset preset) throws Exception {
    String json = Json.mapper().writeValueAsString(preset.plan());
    assertThat(Json.mapper().readValue(json, TrainingPlan.class)).isEqualTo(preset.plan());
  }

  @Test
  void anyParameterCanBeChangedByName() {
    TrainingPlan plan =
        Preset.QUICK
            .plan()
            .with(
                Map.of(
                    "schedule.steps", "7",
                    "losses.lambda", "2.5",
                    "losses.selfRegularisation", "SUM",
                    "refinerOptimizer.learningRate", "0.5",
                    "discriminatorOptimizer", "{\"type\":\"sgd\",\"learningRate\":0.25}",
                    "feed.window", "100",
                    "seed", "9"));
    assertThat(plan.schedule().steps()).isEqualTo(7);
    assertThat(plan.losses().lambda()).isEqualTo(2.5);
    assertThat(plan.losses().selfRegularisation()).isEqualTo(Reduction.SUM);
    assertThat(plan.refinerOptimizer().learningRate()).isEqualTo(0.5);
    assertThat(plan.discriminatorOptimizer()).isEqualTo(new Optimizer.Sgd(0.25));
    assertThat(plan.feed()).isEqualTo(new Feed(100, 64));
    assertThat(plan.seed()).isEqualTo(9);
    assertThat(plan.refiner()).isEqualTo(Preset.QUICK.plan().refiner());
  }

  @Test
  void learningRatesDropAfterTheGivenSteps() {
    TrainingPlan plan = Preset.HANDS_PAPER.plan();
    assertThat(plan.learningRateFactor(0)).isEqualTo(1);
    assertThat(plan.learningRateFactor(599_999)).isEqualTo(1);
    assertThat(plan.learningRateFactor(600_000)).isEqualTo(0.25);
    TrainingPlan twice =
        plan.with(
            Map.of(
                "learningRateDrops",
                "[{\"afterStep\":10,\"factor\":0.5},{\"afterStep\":20,\"factor\":0.1}]"));
    assertThat(twice.learningRateFactor(15)).isEqualTo(0.5);
    assertThat(twice.learningRateFactor(25)).isEqualTo(0.1);
  }

  @Test
  void differencesNameTheParametersInWhichTwoPlansDiffer() {
    TrainingPlan plan = Preset.QUICK.plan();
    assertThat(plan.differences(plan)).isEmpty();
    TrainingPlan other =
        plan.with(
            Map.of(
                "schedule.steps", "41",
                "refinerOptimizer", "{\"type\":\"sgd\",\"learningRate\":0.25}",
                "discriminatorOptimizer.learningRate", "0.5"));
    assertThat(plan.differences(other))
        .hasSize(3)
        .contains("schedule.steps: 40, not 41")
        .contains("discriminatorOptimizer.learningRate: 1.0E-4, not 0.5")
        .anyMatch(difference -> difference.startsWith("refinerOptimizer: {"));
  }

  @Test
  void theNetworksHaveAsManyChannelsAsTheImages() {
    TrainingPlan colour = Preset.EYES_PAPER.plan().withChannels(3);
    assertThat(colour.refiner()).isEqualTo(new RefinerNetwork(3, 3, 64, 4));
    assertThat(colour.discriminator().channels()).isEqualTo(3);
    assertThat(colour.discriminator().layers()).isEqualTo(DiscriminatorNetwork.eyes().layers());
  }

  @Test
  void aPlanFromAnOlderManifestIsReadWithDefaults() throws Exception {
    ObjectNode older = Json.mapper().valueToTree(Preset.EYES_SIMULATED.plan());
    older.remove(List.of("learningRateDrops", "gradientClip", "guards", "evaluation"));
    ((ObjectNode) older.get("losses")).remove(List.of("scope", "labelSmoothing"));
    ((ObjectNode) older.get("feed")).remove(List.of("flip", "equalise"));
    assertThat(Json.mapper().treeToValue(older, TrainingPlan.class))
        .isEqualTo(Preset.EYES_SIMULATED.plan());
  }

  @Test
  void aGuardThatAnOlderManifestLacksHasItsDefault() throws Exception {
    ObjectNode older = Json.mapper().valueToTree(Preset.QUICK.plan());
    ((ObjectNode) older.get("guards")).remove("saturation");
    assertThat(Json.mapper().treeToValue(older, TrainingPlan.class)).isEqualTo(Preset.QUICK.plan());
  }

  @Test
  void preTrainingWithoutALossIsRejected() {
    assertThatThrownBy(() -> Preset.EYES_SIMULATED.plan().with(Map.of("losses.lambda", "0")))
        .hasMessageContaining("set schedule.refinerPretraining to 0");
  }

  @Test
  void anUnknownParameterIsRejectedWithTheKnownOnes() {
    assertThatThrownBy(() -> Preset.QUICK.plan().with(Map.of("losses.lamda", "1")))
        .hasMessageContaining("no parameter 'losses.lamda'")
        .hasMessageContaining("adversarial, labelSmoothing, lambda, scope");
    assertThatThrownBy(() -> Preset.QUICK.plan().with(Map.of("seed.x", "1")))
        .hasMessageContaining("no parameter 'seed.x'");
  }

  @Test
  void aValueOfTheWrongTypeIsRejected() {
    assertThatThrownBy(() -> Preset.QUICK.plan().with(Map.of("schedule.steps", "1.5")))
        .hasMessage("The parameter 'schedule.steps' must be a whole number, not '1.5'");
    assertThatThrownBy(() -> Preset.QUICK.plan().with(Map.of("losses.lambda", "much")))
        .hasMessageContaining("'losses.lambda'");
    assertThatThrownBy(() -> Preset.QUICK.plan().with(Map.of("losses.adversarial", "MAX")))
        .hasMessageContaining("MAX");
  }

  @Test
  void aValueOutOfRangeIsRejectedWithTheParametersOwnMessage() {
    assertThatThrownBy(() -> Preset.QUICK.plan().with(Map.of("schedule.batch", "1")))
        .hasMessageContaining("batch must be at least 2, not 1");
    assertThatThrownBy(() -> Preset.QUICK.plan().with(Map.of("losses.lambda", "-1")))
        .hasMessageContaining("lambda must be 0 or more, not -1");
  }

  @Test
  void anUnknownPresetIsRejectedWithTheKnownOnes() {
    assertThatThrownBy(() -> Preset.named("fast"))
        .hasMessage(
            "There is no preset 'fast'; available presets: eyes-paper, hands-paper, eyes-port,"
                + " eyes-simulated, quick");
  }
}
