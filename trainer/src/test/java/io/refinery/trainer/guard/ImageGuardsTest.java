package io.refinery.trainer.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.trainer.event.TrainingEvent.Finding;
import io.refinery.trainer.event.TrainingEvent.Guard;
import io.refinery.trainer.guard.ImageGuards.Images;
import io.refinery.trainer.plan.GuardPlan;
import io.refinery.trainer.plan.GuardPlan.Action;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ImageGuardsTest {

  private static final ImageShape SHAPE = new ImageShape(1, 3, 4);
  private static final int COUNT = 8;
  private static final ImageBatch SYNTHETIC = noise(1);
  private static final ImageBatch REAL = noise(2);

  private final ImageGuards guards = new ImageGuards(GuardPlan.DEFAULT);

  @Test
  void aRefinerThatMakesAllImagesAlikeIsFatal() {
    assertThat(findings(to(pixel -> 0.3)))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.guard()).isEqualTo(Guard.COLLAPSE);
              assertThat(finding.fatal()).isTrue();
              assertThat(finding.sentence())
                  .contains("before publication", "across 8 images a pixel varies by 0.0 levels");
            });
  }

  @Test
  void aRefinerThatChangesNothingIsFatal() {
    assertThat(findings(images -> images))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.guard()).isEqualTo(Guard.UNCHANGED);
              assertThat(finding.fatal()).isTrue();
              assertThat(finding.sentence()).contains("0.00 levels of 255");
            });
  }

  @Test
  void aChangeOfHalfALevelIsTheLeast() {
    assertThat(findings(to(pixel -> pixel + 0.49 / 127.5)))
        .extracting(Finding::guard)
        .containsExactly(Guard.UNCHANGED);
    assertThat(findings(to(pixel -> pixel + 0.51 / 127.5))).isEmpty();
  }

  @Test
  void aRefinerThatMakesPixelsBlackOrWhiteIsFatal() {
    assertThat(findings(to(Math::signum)))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.guard()).isEqualTo(Guard.SATURATION);
              assertThat(finding.fatal()).isTrue();
              assertThat(finding.sentence()).contains("100 % of the pixels are black or white");
            });
  }

  @Test
  void blackAndWhiteThatEitherDomainHasIsExpected() {
    ImageBatch binary = to(Math::signum).apply(SYNTHETIC);
    ImageGuards.Inspection inspection =
        guards.beforePublication(new Images(SYNTHETIC, binary, to(Math::signum).apply(REAL)));
    assertThat(inspection.findings()).isEmpty();
    assertThat(
            guards
                .beforePublication(new Images(binary, to(pixel -> -pixel).apply(binary), REAL))
                .findings())
        .isEmpty();
  }

  @Test
  void theShareOfPixelsThatNoDomainExplainsDecides() {
    RefinedFigures half = new RefinedFigures(8, true, 5, 30, 30, 0.2, 0.6, 0.1);
    assertThat(half.newlySaturated()).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void pixelsThatAreNotFiniteAreFatalWhateverThePlanSays() {
    ImageGuards off = new ImageGuards(plan(Action.OFF));
    assertThat(off.beforePublication(refined(to(pixel -> Double.NaN))).findings())
        .singleElement()
        .matches(finding -> finding.guard() == Guard.NOT_FINITE && finding.fatal());
    assertThat(off.during(3, refined(to(pixel -> Double.NaN)))).isEmpty();
  }

  @Test
  void whatLaterStepsMayRepairOnlyWarnsDuringTraining() {
    assertThat(guards.during(200, refined(images -> images)))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.guard()).isEqualTo(Guard.UNCHANGED);
              assertThat(finding.fatal()).isFalse();
              assertThat(finding.sentence()).contains("at step 200");
            });
    assertThat(guards.during(200, refined(to(Math::signum))))
        .singleElement()
        .matches(finding -> finding.guard() == Guard.SATURATION && !finding.fatal());
    assertThat(guards.during(200, refined(to(pixel -> 0.3))))
        .singleElement()
        .matches(finding -> finding.guard() == Guard.COLLAPSE && finding.fatal());
  }

  @Test
  void imagesThatDifferAndVaryPassAndAreDescribed() {
    ImageGuards.Inspection inspection = guards.beforePublication(refined(to(pixel -> 0.5 * pixel)));
    assertThat(inspection.findings()).isEmpty();
    assertThat(inspection.sentence()).contains("On 8 held-out images", "0.0 % of the pixels");
  }

  @Test
  void guardsThatAreOffFindNothing() {
    ImageGuards off = new ImageGuards(plan(Action.OFF));
    for (UnaryOperator<ImageBatch> refiner :
        List.<UnaryOperator<ImageBatch>>of(images -> images, to(pixel -> 1), to(Math::signum))) {
      assertThat(off.beforePublication(refined(refiner)).findings()).isEmpty();
      assertThat(off.during(1, refined(refiner))).isEmpty();
    }
  }

  private List<Finding> findings(UnaryOperator<ImageBatch> refiner) {
    return guards.beforePublication(refined(refiner)).findings();
  }

  private static Images refined(UnaryOperator<ImageBatch> refiner) {
    return new Images(SYNTHETIC, refiner.apply(SYNTHETIC), REAL);
  }

  private static GuardPlan plan(Action action) {
    return new GuardPlan(10, action, action, action, action, action, action);
  }

  private static UnaryOperator<ImageBatch> to(DoubleUnaryOperator pixel) {
    return images -> {
      float[] pixels = images.pixels().clone();
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (float) pixel.applyAsDouble(pixels[i]);
      }
      return new ImageBatch(images.count(), images.shape(), pixels);
    };
  }

  /** Pixels well inside the range. */
  private static ImageBatch noise(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] pixels = new float[COUNT * SHAPE.values()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(-0.9, 0.9);
    }
    return new ImageBatch(COUNT, SHAPE, pixels);
  }
}
