package io.refinery.parity;

import static io.refinery.parity.Tolerances.assertLosses;
import static io.refinery.parity.Tolerances.assertTensors;
import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.parity.GoldenVectors.Case;
import io.refinery.parity.GoldenVectors.Course;
import io.refinery.parity.GoldenVectors.StepLosses;
import io.refinery.parity.GoldenVectors.Update;
import io.refinery.parity.GoldenVectors.Updates;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares every engine that trains with vectors computed by PyTorch. */
class GoldenVectorsTest {

  private static final double TOLERANCE = 1e-4;
  private static final GoldenVectors VECTORS = GoldenVectors.read();

  static Stream<Arguments> enginesAndCases() {
    return Engines.training().stream()
        .flatMap(engine -> VECTORS.cases().stream().map(name -> Arguments.of(engine, name)));
  }

  @ParameterizedTest
  @MethodSource("enginesAndCases")
  void lossesAndGradientsMatchTheOracle(String engine, String name) {
    Updates expected = VECTORS.named(name).updates();
    Updates actual = EngineAnswers.golden(engine, name).updates();
    assertUpdate("pre-training of R", actual.pretraining(), expected.pretraining());
    assertUpdate("update of R", actual.refiner(), expected.refiner());
    assertUpdate("update of D", actual.discriminator(), expected.discriminator());
  }

  private static void assertUpdate(String what, Update actual, Update expected) {
    assertLosses(what, actual.losses(), expected.losses(), TOLERANCE);
    assertTensors(actual.gradients(), expected.gradients(), TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("enginesAndCases")
  void algorithm1GivesTheSameNetworks(String engine, String name) {
    Case golden = VECTORS.named(name);
    Course actual = EngineAnswers.golden(engine, name).course();
    assertStep("pre-training", actual.pretraining(), golden.pretraining());
    assertThat(actual.steps()).hasSameSizeAs(golden.steps());
    for (int i = 0; i < golden.steps().size(); i++) {
      assertStep("step " + (i + 1), actual.steps().get(i), golden.steps().get(i));
    }
    assertTensors(actual.weights().refiner(), golden.weights().refiner(), TOLERANCE);
    assertTensors(actual.weights().discriminator(), golden.weights().discriminator(), TOLERANCE);
  }

  private static void assertStep(String what, StepLosses actual, StepLosses expected) {
    assertLosses("R, " + what, actual.refiner(), expected.refiner(), TOLERANCE);
    assertLosses("D, " + what, actual.discriminator(), expected.discriminator(), TOLERANCE);
  }
}
