package io.refinery.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.engine.AdversarialPair.RefinerLoss;
import io.refinery.trainer.event.TrainingEvent.AdversarialStep;
import io.refinery.trainer.event.TrainingEvent.DiscriminatorPretrained;
import io.refinery.trainer.event.TrainingEvent.RefinerPretrained;
import io.refinery.trainer.event.TrainingEvent.Step;
import io.refinery.trainer.plan.Preset;
import io.refinery.trainer.plan.TrainingPlan;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossRecordsTest {

  private static final List<Step> STEPS =
      List.of(
          new RefinerPretrained(1, 1, 0.25),
          new DiscriminatorPretrained(1, 1, new DiscriminatorLoss(0.75, 0.5, 1)),
          new AdversarialStep(
              1, 2, new RefinerLoss(4, 2, 0.5), new DiscriminatorLoss(0.5, 0.25, 0.75)),
          new AdversarialStep(2, 2, new RefinerLoss(3, 1, 0.5), new DiscriminatorLoss(2, 1, 3)));

  @TempDir Path folder;

  @Test
  void theCsvHasEveryStepAndLeavesLossesEmptyThatAPhaseLacks() throws Exception {
    Path csv = folder.resolve("losses.csv");
    try (LossLog log = LossLog.begin(csv)) {
      for (Step step : STEPS) {
        log.add(step);
      }
    }
    assertThat(Files.readString(csv))
        .isEqualTo(
            """
            phase,step,refiner_loss,refiner_adversarial,refiner_self_regularisation,\
            discriminator_loss,discriminator_real,discriminator_refined
            refiner_pretraining,1,,,0.25,,,
            discriminator_pretraining,1,,,,0.75,0.5,1.0
            adversarial,1,5.0,4.0,2.0,0.5,0.25,0.75
            adversarial,2,3.5,3.0,1.0,2.0,1.0,3.0
            """);
  }

  @Test
  void lossesAreReadBackBitForBitAndAppendedTo() throws Exception {
    TrainingPlan plan =
        Preset.QUICK
            .plan()
            .with(
                Map.of(
                    "schedule.refinerPretraining", "1",
                    "schedule.discriminatorPretraining", "1",
                    "schedule.steps", "2",
                    "losses.lambda", "0.5"));
    Step third =
        new AdversarialStep(
            2, 2, new RefinerLoss(1e-17, 1.0 / 3, 0.5), new DiscriminatorLoss(0.1, 0.2, 3e300));
    Path csv = folder.resolve("losses.csv");
    try (LossLog log = LossLog.begin(csv)) {
      for (Step step : STEPS.subList(0, 3)) {
        log.add(step);
      }
    }
    try (LossLog log = LossLog.resume(csv)) {
      log.add(third);
    }
    List<Step> read = new ArrayList<>();
    LossLog.read(csv, plan, read::add);
    assertThat(read).containsExactly(STEPS.get(0), STEPS.get(1), STEPS.get(2), third);
  }

  @Test
  void theMetricsAreThoseOfTheLastSteps() {
    assertThat(curves(STEPS).metrics())
        .containsEntry("refiner.loss", 3.5)
        .containsEntry("refiner.loss.adversarial", 3.0)
        .containsEntry("refiner.loss.self-regularisation", 0.5)
        .containsEntry("discriminator.loss", 2.0)
        .containsEntry("discriminator.loss.real", 1.0)
        .containsEntry("discriminator.loss.refined", 3.0);
  }

  @Test
  void withoutAdversarialStepsThereAreNoMetrics() {
    assertThat(curves(STEPS.subList(0, 2)).metrics()).isEmpty();
  }

  @Test
  void thePictureHasAChartForEveryPhaseThatRan() throws Exception {
    Path png = folder.resolve("losses.png");
    curves(STEPS).write(png);
    BufferedImage three = ImageIO.read(png.toFile());
    curves(STEPS.subList(1, 4)).write(png);
    BufferedImage two = ImageIO.read(png.toFile());
    assertThat(three.getHeight()).isEqualTo(two.getHeight() / 2 * 3);
    assertThat(three.getWidth()).isEqualTo(two.getWidth());
  }

  private static LossCurves curves(List<Step> steps) {
    LossCurves curves = new LossCurves(0.5);
    steps.forEach(curves::add);
    return curves;
  }
}
