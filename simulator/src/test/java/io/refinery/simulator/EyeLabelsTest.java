package io.refinery.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.refinery.image.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EyeLabelsTest {

  private static final ImageShape CROP = SimulatorOptions.EYE_CROP;

  @Test
  void gazeIntoTheCameraCentresIrisAndPupilOnTheEyeball() {
    EyeLabels labels = EyeLabels.of(EyeImages.lookingAt(0, 0), CROP);

    double scale = 55.0 / 36;
    assertThat(labels.lookX()).isZero();
    assertThat(labels.lookY()).isZero();
    assertThat(labels.lookZ()).isOne();
    assertThat(labels.irisX()).isCloseTo(27.5 + 0.4 * scale, within(1e-9));
    assertThat(labels.irisY()).isCloseTo(17.5 - 0.3 * scale, within(1e-9));
    assertThat(labels.pupilX()).isEqualTo(labels.irisX());
    assertThat(labels.pupilY()).isEqualTo(labels.irisY());
  }

  @Test
  void positiveYawLooksRightAndPositivePitchLooksDown() {
    EyeLabels ahead = EyeLabels.of(EyeImages.lookingAt(0, 0), CROP);
    EyeLabels right = EyeLabels.of(EyeImages.lookingAt(0.4, 0), CROP);
    EyeLabels down = EyeLabels.of(EyeImages.lookingAt(0, 0.3), CROP);

    // The plane of the iris is sqrt(12^2 - 6^2) mm in front of the centre of the eyeball.
    double reach = Math.sqrt(108) * 55 / 36;
    assertThat(right.irisX() - ahead.irisX()).isCloseTo(reach * Math.sin(0.4), within(1e-9));
    assertThat(right.irisY()).isCloseTo(ahead.irisY(), within(1e-9));
    assertThat(down.irisY() - ahead.irisY()).isCloseTo(reach * Math.sin(0.3), within(1e-9));
    assertThat(right.lookX()).isCloseTo(Math.sin(0.4), within(1e-12));
    assertThat(down.lookY()).isCloseTo(Math.sin(0.3), within(1e-12));
  }

  @Test
  void gazeIsAUnitVectorFromTheEyeballToTheIris() {
    EyeSampler sampler = new EyeSampler(5);
    for (int i = 0; i < 200; i++) {
      EyeParameters eye = sampler.eye(i);
      EyeLabels labels = EyeLabels.of(eye, CROP);
      EyeGeometry geometry = new EyeGeometry(eye, CROP);
      double reach = geometry.scale() * Math.sqrt(144 - eye.iris().radius() * eye.iris().radius());

      assertThat(Math.hypot(Math.hypot(labels.lookX(), labels.lookY()), labels.lookZ()))
          .isCloseTo(1, within(1e-12));
      assertThat((labels.irisX() - geometry.centre().getX()) / reach)
          .isCloseTo(labels.lookX(), within(1e-12));
      assertThat((labels.irisY() - geometry.centre().getY()) / reach)
          .isCloseTo(labels.lookY(), within(1e-12));
    }
  }

  @ParameterizedTest
  @CsvSource({"0,0,0,0", "0.35,0,0,0", "-0.3,0.2,0,0", "0.1,-0.3,0,0", "0.2,0.1,0.9,-0.7"})
  void pupilIsDarkestWhereItsLabelSays(double yaw, double pitch, double offX, double offY) {
    EyeParameters eye = EyeImages.wideOpen(yaw, pitch, offX, offY);
    EyeLabels labels = EyeLabels.of(eye, CROP);

    double[] seen = Pictures.darkCentroid(eye, Look.SYNTHETIC, labels);

    assertThat(seen[0]).isCloseTo(labels.pupilX(), within(0.15));
    assertThat(seen[1]).isCloseTo(labels.pupilY(), within(0.15));
  }

  @Test
  void labelsScaleWithTheImage() {
    EyeParameters eye = new EyeSampler(9).eye(4);

    EyeLabels small = EyeLabels.of(eye, CROP);
    EyeLabels large = EyeLabels.of(eye, new ImageShape(1, 70, 110));

    assertThat(large.irisX()).isCloseTo(2 * small.irisX(), within(1e-9));
    assertThat(large.pupilY()).isCloseTo(2 * small.pupilY(), within(1e-9));
    assertThat(large.lookX()).isEqualTo(small.lookX());
  }
}
