package io.refinery.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares every engine that refines with the first one. */
class RefiningParityTest {

  private static final float TOLERANCE = 1e-4f;

  static Stream<Arguments> othersAndDrawn() {
    return others(RefinerCase.DRAWN.stream().map(RefinerCase::name).toList());
  }

  static Stream<Arguments> othersAndTrained() {
    return others(Engines.training());
  }

  private static Stream<Arguments> others(List<String> names) {
    List<String> engines = Engines.refining();
    return engines.stream()
        .skip(1)
        .flatMap(other -> names.stream().map(name -> Arguments.of(engines.get(0), other, name)));
  }

  @ParameterizedTest
  @MethodSource("othersAndDrawn")
  void theSameWeightsAndImagesGiveTheSameRefinedImages(String first, String other, String name) {
    assertSame(first, other, name);
  }

  @ParameterizedTest
  @MethodSource("othersAndTrained")
  void aTrainedVersionRefinesTheSameOnEveryEngine(String first, String other, String trainer) {
    assertSame(first, other, trainer);
  }

  private static void assertSame(String first, String other, String name) {
    float[] expected = EngineAnswers.refined(first, name);
    float[] actual = EngineAnswers.refined(other, name);
    assertThat(actual).hasSameSizeAs(expected);
    float furthest = 0;
    for (int i = 0; i < expected.length; i++) {
      furthest = Math.max(furthest, Math.abs(actual[i] - expected[i]));
    }
    assertThat(furthest).isLessThan(TOLERANCE);
    // If all images were alike, engines would agree by accident.
    assertThat(spread(expected)).isGreaterThan(0.1f);
  }

  private static float spread(float[] values) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return most - least;
  }
}
