package io.refinery.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class EyeSamplerTest {

  private static final int EYES = 2000;

  private final EyeSampler sampler = new EyeSampler(42);

  @Test
  void eyeDependsOnlyOnSeedAndIndex() {
    EyeParameters late = new EyeSampler(42).eye(1999);
    sampler.eye(0);

    assertThat(sampler.eye(1999)).isEqualTo(late).isNotEqualTo(sampler.eye(1998));
    assertThat(new EyeSampler(43).eye(1999)).isNotEqualTo(late);
  }

  @Test
  void lidsLeaveAtLeastHalfThePupilVisibleInNearlyEveryEye() {
    long open =
        IntStream.range(0, EYES)
            .filter(
                i -> EyeLabels.pupilVisibility(sampler.eye(i), SimulatorOptions.EYE_CROP) >= 0.5)
            .count();

    assertThat(open).isGreaterThanOrEqualTo(EYES * 95 / 100);
  }

  @Test
  void closedLidsHideThePupil() {
    EyeParameters open = EyeImages.lookingAt(0, 0);
    EyeParameters shut =
        new EyeParameters(
            open.gaze(),
            open.iris(),
            new EyeParameters.Lids(30, -6, 7, 0, 3),
            open.tones(),
            open.light(),
            open.framing(),
            0);

    assertThat(EyeLabels.pupilVisibility(open, SimulatorOptions.EYE_CROP)).isOne();
    assertThat(EyeLabels.pupilVisibility(shut, SimulatorOptions.EYE_CROP)).isZero();
  }

  @Test
  void pupilsAreInsideTheImage() {
    IntStream.range(0, EYES)
        .mapToObj(i -> EyeLabels.of(sampler.eye(i), SimulatorOptions.EYE_CROP))
        .forEach(
            labels -> {
              assertThat(labels.pupilX()).isBetween(4.0, 51.0);
              assertThat(labels.pupilY()).isBetween(4.0, 31.0);
            });
  }

  @Test
  void gazesSpreadEvenlyInAllDirections() {
    double meanYaw =
        IntStream.range(0, EYES).mapToDouble(i -> sampler.eye(i).gaze().yaw()).average().orElse(9);
    long right = IntStream.range(0, EYES).filter(i -> sampler.eye(i).gaze().yaw() > 0.25).count();
    long down = IntStream.range(0, EYES).filter(i -> sampler.eye(i).gaze().pitch() > 0.2).count();
    long up = IntStream.range(0, EYES).filter(i -> sampler.eye(i).gaze().pitch() < -0.1).count();

    assertThat(meanYaw).isCloseTo(0, within(0.03));
    assertThat(right).isGreaterThan(EYES / 10);
    assertThat(down).isGreaterThan(EYES / 10);
    assertThat(up).isGreaterThan(EYES / 10);
  }
}
