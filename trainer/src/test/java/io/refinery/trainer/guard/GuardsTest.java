package io.refinery.trainer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.engine.AdversarialPair.RefinerLoss;
import io.refinery.engine.Losses;
import io.refinery.engine.Losses.Reduction;
import io.refinery.engine.Losses.Scope;
import io.refinery.network.Tensor;
import io.refinery.network.Weights;
import io.refinery.trainer.event.TrainingEvent.AdversarialStep;
import io.refinery.trainer.event.TrainingEvent.DiscriminatorPretrained;
import io.refinery.trainer.event.TrainingEvent.Finding;
import io.refinery.trainer.event.TrainingEvent.Guard;
import io.refinery.trainer.plan.GuardPlan;
import io.refinery.trainer.plan.GuardPlan.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardsTest {

  private static final int WINDOW = 10;
  private static final int BATCH = 4;
  private static final int PATCHES = 6;
  private static final double CHANCE = Math.log(2);

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void aLossThatIsNotFiniteIsFoundInEveryPhase(double loss) {
    Guards guards = guards(plan(Action.FATAL), Reduction.MEAN, 0);
    assertThat(guards.after(new DiscriminatorPretrained(3, 5, discriminator(loss, 1))))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.guard()).isEqualTo(Guard.NOT_FINITE);
              assertThat(finding.fatal()).isTrue();
              assertThat(finding.sentence()).contains("number=3, of=5").contains("Lower the");
            });
    assertThat(guards.after(step(4, loss, 1))).as("reported once").isEmpty();
    assertThat(guards.after(step(5, CHANCE, CHANCE))).isEmpty();
    assertThat(guards.after(step(6, 1, loss))).as("again").hasSize(1);
  }

  @Test
  void weightsThatAreNotFiniteAreFatal() {
    assertThat(Guards.inspect(weights(1, Float.NaN))).get().matches(Finding::fatal);
    assertThat(Guards.inspect(weights(1, 2))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Reduction.class)
  void aDiscriminatorThatWinsForAWholeWindowIsFoundOncePerWindow(Reduction reduction) {
    double scale = reduction == Reduction.SUM ? BATCH * PATCHES : 1;
    Guards guards = guards(plan(Action.WARN), reduction, 0);
    List<Finding> findings = new ArrayList<>();
    for (int step = 1; step <= 2 * WINDOW; step++) {
      List<Finding> found = guards.after(step(step, 0.03 * scale, 0.04 * scale));
      assertThat(found).hasSize(step % WINDOW == 0 ? 1 : 0);
      findings.addAll(found);
    }
    assertThat(findings).allMatch(finding -> finding.guard() == Guard.DISCRIMINATOR_WINS);
    assertThat(findings.get(0).fatal()).isFalse();
    assertThat(findings.get(0).sentence())
        .contains("10 steps before step 10", "0.030 on real, 0.040 on refined");
  }

  @Test
  void oneThatWinsOnlyOnOneHalfOrOccasionallyIsNot() {
    Guards guards = guards(plan(Action.FATAL), Reduction.MEAN, 0);
    for (int step = 1; step <= 5 * WINDOW; step++) {
      assertThat(guards.after(step(step, 0.01, CHANCE))).isEmpty();
    }
    for (int step = 1; step <= 5 * WINDOW; step++) {
      double loss = step % 4 == 0 ? CHANCE : 0.01;
      assertThat(guards.after(step(step, loss, loss))).isEmpty();
    }
  }

  @Test
  void smoothedLabelsDoNotHideAWin() {
    double smoothing = 0.1;
    double least = -smoothing * Math.log(smoothing) - (1 - smoothing) * Math.log(1 - smoothing);
    assertThat(after(WINDOW, guards(plan(Action.WARN), Reduction.MEAN, smoothing), least, 0.01))
        .extracting(Finding::guard)
        .containsExactly(Guard.DISCRIMINATOR_WINS);
  }

  @Test
  void aDiscriminatorThatDoesWorseThanChanceIsFound() {
    assertThat(after(WINDOW, guards(plan(Action.FATAL), Reduction.MEAN, 0), 1.2, 1.1))
        .singleElement()
        .matches(finding -> finding.guard() == Guard.DISCRIMINATOR_LOSES && finding.fatal());
    assertThat(after(WINDOW, guards(plan(Action.FATAL), Reduction.MEAN, 0), 0.8, 0.8)).isEmpty();
  }

  @Test
  void checksThatAreOffFindNothing() {
    Guards guards = guards(plan(Action.OFF), Reduction.MEAN, 0);
    assertThat(guards.after(step(1, Double.NaN, 1))).isEmpty();
    assertThat(after(WINDOW, guards, 0.01, 0.01)).isEmpty();
  }

  @Test
  void checksImagesOncePerWindow() {
    Guards guards = guards(plan(Action.WARN), Reduction.MEAN, 0);
    assertThat(guards.isLookDue(step(WINDOW, 1, 1))).isTrue();
    assertThat(guards.isLookDue(step(WINDOW + 1, 1, 1))).isFalse();
    assertThat(guards.isLookDue(new DiscriminatorPretrained(WINDOW, 20, discriminator(1, 1))))
        .isFalse();
  }

  private static List<Finding> after(int steps, Guards guards, double real, double refined) {
    List<Finding> findings = new ArrayList<>();
    for (int step = 1; step <= steps; step++) {
      findings.addAll(guards.after(step(step, real, refined)));
    }
    return findings;
  }

  private static GuardPlan plan(Action action) {
    return new GuardPlan(WINDOW, action, action, action, action, action, action);
  }

  private static Guards guards(GuardPlan plan, Reduction reduction, double smoothing) {
    return new Guards(
        plan, new Losses(reduction, 1, reduction, Scope.LOCAL, smoothing), BATCH, PATCHES);
  }

  private static AdversarialStep step(int number, double real, double refined) {
    return new AdversarialStep(
        number, 1000, new RefinerLoss(1, 1, 1), discriminator(real, refined));
  }

  private static DiscriminatorLoss discriminator(double real, double refined) {
    return new DiscriminatorLoss((real + refined) / 2, real, refined);
  }

  private static Weights weights(float... values) {
    return new Weights(Map.of("conv_in.bias", new Tensor(List.of(values.length), values)));
  }
}
