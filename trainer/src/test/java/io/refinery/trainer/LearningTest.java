package io.refinery.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.EngineSelection;
import io.refinery.image.ImageBatch;
import io.refinery.trainer.Squares.Look;
import io.refinery.trainer.algorithm.AdversarialTraining;
import io.refinery.trainer.algorithm.ControlSignal;
import io.refinery.trainer.algorithm.HistoryBuffer;
import io.refinery.trainer.algorithm.TrainingOutcome.Completed;
import io.refinery.trainer.feed.ImageSource;
import io.refinery.trainer.plan.Schedule;
import io.refinery.trainer.plan.TrainingPlan;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Algorithm 1 with real networks. */
class LearningTest {

  private static final Schedule SCHEDULE = new Schedule(8, 150, 50, 150, 2, 1, 80);

  @Test
  void refinedImagesTakeTheRealBrightnessAndKeepTheirSquaresInPlace() throws Exception {
    TrainingPlan plan = Squares.plan(SCHEDULE);
    ImageBatch synthetic = Squares.images(Look.DARK, 50, 3);
    ImageBatch real = Squares.images(Look.BRIGHT, 50, 4);
    try (AdversarialPair pair =
        EngineSelection.training("dl4j", Device.cpu(), EngineOptions.DEFAULTS)
            .engine()
            .pair(plan.pair(Squares.SHAPE), Device.cpu())) {
      AdversarialTraining training =
          new AdversarialTraining(
              pair,
              endless(Look.DARK, 5),
              endless(Look.BRIGHT, 6),
              SCHEDULE,
              done -> 1,
              new HistoryBuffer(SCHEDULE.historySize(), Squares.SHAPE, 1, pair.memory()));
      assertThat(training.run(step -> Optional.empty(), () -> ControlSignal.CONTINUE))
          .isEqualTo(new Completed());
      ImageBatch refined = pair.refine(synthetic);
      assertThat(mean(real) - mean(synthetic)).isCloseTo(0.3, within(0.01));
      assertThat(mean(refined)).isCloseTo(mean(real), within(0.1));
      for (int image = 0; image < refined.count(); image++) {
        assertThat(correlation(synthetic, refined, image)).isGreaterThan(0.7);
      }
    }
  }

  private static ImageSource endless(Look look, long seed) {
    long[] next = {seed};
    return count -> Squares.images(look, count, next[0] += 2);
  }

  private static double mean(ImageBatch images) {
    return IntStream.range(0, images.pixels().length)
        .mapToDouble(i -> images.pixels()[i])
        .average()
        .orElseThrow();
  }

  private static double correlation(ImageBatch left, ImageBatch right, int image) {
    ImageBatch one = left.slice(image, image + 1);
    ImageBatch other = right.slice(image, image + 1);
    double covariance = covariance(one, other);
    return covariance / Math.sqrt(covariance(one, one) * covariance(other, other));
  }

  private static double covariance(ImageBatch left, ImageBatch right) {
    double leftMean = mean(left);
    double rightMean = mean(right);
    return IntStream.range(0, left.pixels().length)
        .mapToDouble(i -> (left.pixels()[i] - leftMean) * (right.pixels()[i] - rightMean))
        .average()
        .orElseThrow();
  }
}
