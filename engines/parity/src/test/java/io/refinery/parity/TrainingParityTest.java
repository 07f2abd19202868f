package io.refinery.parity;

import static io.refinery.parity.Tolerances.assertLosses;
import static io.refinery.parity.Tolerances.assertTensors;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares every engine that trains with the first one. */
class TrainingParityTest {

  private static final double LOSSES = 1e-4;
  private static final double WEIGHTS = 1e-3;

  static Stream<Arguments> othersAndCases() {
    List<String> engines = Engines.training();
    return engines.stream()
        .skip(1)
        .flatMap(
            other -> PairCase.all().stream().map(of -> Arguments.of(engines.get(0), other, of)));
  }

  @ParameterizedTest
  @MethodSource("othersAndCases")
  void lossesAndWeightUpdatesOfBothNetworksAreTheSame(String first, String other, PairCase of) {
    PairCase.Answer expected = EngineAnswers.pair(first, of);
    PairCase.Answer actual = EngineAnswers.pair(other, of);
    assertLosses("R", actual.refiner(), expected.refiner(), LOSSES);
    assertLosses("D", actual.discriminator(), expected.discriminator(), LOSSES);
    assertTensors(actual.changes().refiner(), expected.changes().refiner(), WEIGHTS);
    assertTensors(actual.changes().discriminator(), expected.changes().discriminator(), WEIGHTS);
  }
}
