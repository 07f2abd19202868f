package io.refinery.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.refinery.image.ImageShape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class EyeRendererTest {

  private static final ImageShape CROP = SimulatorOptions.EYE_CROP;
  private static final ImageShape COLOUR = new ImageShape(3, 35, 55);
  private static final ImageShape BOTTOM = new ImageShape(1, 6, 55);

  @ParameterizedTest
  @EnumSource(Look.class)
  void anEyeGivesTheSameBytesAfterOtherEyesWereRendered(Look look) {
    EyeSampler sampler = new EyeSampler(3);
    try (EyeRenderer renderer = new EyeRenderer(CROP)) {
      byte[] first = renderer.render(sampler.eye(0), look);
      byte[] other = renderer.render(sampler.eye(1), look);

      assertThat(renderer.render(sampler.eye(0), look)).isEqualTo(first).isNotEqualTo(other);
    }
  }

  @Test
  void cameraIsDarkerAndRougherThanSynthetic() {
    double shade = 0;
    double smoothness = 0;
    double mean = 0;
    double roughness = 0;
    for (int i = 0; i < 60; i++) {
      EyeParameters eye = new EyeSampler(11).eye(i);
      byte[] synthetic = Pictures.render(eye, Look.SYNTHETIC, CROP);
      byte[] camera = Pictures.render(eye, Look.CAMERA, CROP);
      mean += Pictures.mean(synthetic);
      shade += Pictures.mean(camera);
      smoothness += Pictures.roughness(bottomRows(synthetic), BOTTOM);
      roughness += Pictures.roughness(bottomRows(camera), BOTTOM);
    }

    assertThat(shade).isLessThan(0.75 * mean);
    assertThat(roughness).isGreaterThan(2 * smoothness);
  }

  /**
   * Averages over many grains, so that noise and texture cancel out and only a shift would remain.
   */
  @Test
  void cameraDoesNotMoveThePupil() {
    double shiftX = 0;
    double shiftY = 0;
    int grains = 40;
    for (int grain = 0; grain < grains; grain++) {
      EyeParameters eye = withGrain(EyeImages.lookingAt(0.15, -0.1), grain);
      EyeLabels labels = EyeLabels.of(eye, CROP);
      double[] seen = Pictures.darkCentroid(eye, Look.CAMERA, labels);
      shiftX += (seen[0] - labels.pupilX()) / grains;
      shiftY += (seen[1] - labels.pupilY()) / grains;
    }

    assertThat(shiftX).isCloseTo(0, within(0.12));
    assertThat(shiftY).isCloseTo(0, within(0.12));
  }

  @ParameterizedTest
  @EnumSource(Look.class)
  void anySizeIsRendered(Look look) {
    EyeParameters eye = new EyeSampler(1).eye(0);
    for (ImageShape shape :
        new ImageShape[] {
          new ImageShape(1, 1, 1), new ImageShape(1, 16, 24), new ImageShape(1, 224, 224)
        }) {
      assertThat(Pictures.render(eye, look, shape)).hasSize(shape.values());
    }
  }

  @Test
  void colourIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pictures.render(EyeImages.lookingAt(0, 0), Look.CAMERA, COLOUR))
        .withMessageContaining("gray");
  }

  private static byte[] bottomRows(byte[] levels) {
    return Arrays.copyOfRange(levels, 29 * 55, 35 * 55);
  }

  private static EyeParameters withGrain(EyeParameters eye, long grain) {
    return new EyeParameters(
        eye.gaze(), eye.iris(), eye.lids(), eye.tones(), eye.light(), eye.framing(), grain);
  }
}
