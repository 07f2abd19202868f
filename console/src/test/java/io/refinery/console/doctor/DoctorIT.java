package io.refinery.console.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.console.doctor.Ability.Unusable;
import io.refinery.console.doctor.Ability.Usable;
import io.refinery.engine.EngineFamilies;
import io.refinery.engine.RefiningEngine;
import io.refinery.engine.TrainingEngine;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engines of this build, each tried in a process of its own. */
class DoctorIT {

  static Collection<String> all() {
    return EngineFamilies.names();
  }

  static List<String> refining() {
    return EngineFamilies.engines(RefiningEngine.class).stream().map(one -> one.name()).toList();
  }

  static List<String> training() {
    return EngineFamilies.engines(TrainingEngine.class).stream().map(one -> one.name()).toList();
  }

  @Test
  void theEnginesOfThisBuildAreFound() {
    assertThat(EngineFamilies.names()).containsExactly("dl4j", "onnx", "torch");
    assertThat(refining()).contains("dl4j", "onnx", "torch");
    assertThat(training()).contains("dl4j", "torch");
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyEngineDoesWhatItIsMadeForOnTheProcessorAtSomeSpeed(String engine) throws Exception {
    Examined examined = measured().examine(engine, "cpu");

    assertThat(examined.refining().isPresent()).isEqualTo(refining().contains(engine));
    assertThat(examined.training().isPresent()).isEqualTo(training().contains(engine));
    assertThat(Stream.of(examined.refining(), examined.training()).flatMap(Optional::stream))
        .allSatisfy(
            ability ->
                assertThat(ability)
                    .isInstanceOfSatisfying(
                        Usable.class,
                        usable -> assertThat(usable.perSecond().orElseThrow()).isPositive()));
  }

  @ParameterizedTest
  @MethodSource("refining")
  void aGpuThatNoMachineHasIsSaidToBeMissing(String engine) throws Exception {
    Examined examined = Examination.brief().examine(engine, "cuda:99");

    assertThat(examined.refining().orElseThrow())
        .isInstanceOfSatisfying(
            Unusable.class, unusable -> assertThat(unusable.missing()).contains("cuda:99"));
  }

  /** As short as a measurement can be: one call after those that warm up. */
  private static Examination measured() {
    Examination usual = Examination.withSpeeds();
    return new Examination(usual.program(), 1e-6, usual.patience());
  }
}
