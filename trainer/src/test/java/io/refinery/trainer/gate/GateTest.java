package io.refinery.trainer.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateTest {

  private static final GateSettings SHIFT = new GateSettings("stable", Optional.of(0.5), false);
  private static final GateSettings DISTANCE = new GateSettings("stable", Optional.empty(), true);
  private static final GateSettings BOTH = new GateSettings("stable", Optional.of(0.5), true);

  private static Verdict evaluate(GateSettings settings, Map<String, Double> metrics) {
    return new Gate(settings).evaluate(metrics, true);
  }

  private static Map<String, Double> distances(double refined, double stable) {
    return Map.of(Gate.DISTANCE, refined, Gate.PRESENT_DISTANCE, stable);
  }

  private static void assertPassed(Verdict verdict, String... parts) {
    assertThat(verdict).isInstanceOf(Verdict.Passed.class);
    assertThat(verdict.reason()).contains(parts);
  }

  private static void assertHeld(Verdict verdict, String... parts) {
    assertThat(verdict).isInstanceOf(Verdict.Held.class);
    assertThat(verdict.reason()).contains(parts);
  }

  @Test
  void labelsMayShiftUpToTheLimit() {
    assertPassed(
        evaluate(SHIFT, Map.of(Gate.LABEL_SHIFT, 0.5)), "0.5000 pixels", "limit is 0.5000");
    assertHeld(evaluate(SHIFT, Map.of(Gate.LABEL_SHIFT, 0.51)), "shift by 0.5100 pixels");
  }

  @Test
  void aDistanceMustBeLowerThanTheCurrentVersions() {
    assertPassed(
        evaluate(DISTANCE, distances(0.01, 0.02)), "is 0.01000", "current stable has 0.02000");
    assertHeld(evaluate(DISTANCE, distances(0.02, 0.02)), "is 0.02000");
    assertHeld(evaluate(DISTANCE, distances(0.03, 0.02)), "is 0.03000");
  }

  @Test
  void theFirstVersionHasNoDistanceToBeat() {
    Verdict verdict = new Gate(DISTANCE).evaluate(Map.of(Gate.DISTANCE, 0.9), false);

    assertPassed(verdict, "0.9000", "no stable version to compare");
  }

  @Test
  void aMissingRequiredMetricHoldsTheVersion() {
    assertHeld(evaluate(SHIFT, Map.of()), Gate.LABEL_SHIFT, "not measured");
    assertHeld(evaluate(DISTANCE, Map.of()), Gate.DISTANCE);
    assertHeld(evaluate(DISTANCE, Map.of(Gate.DISTANCE, 0.1)), Gate.PRESENT_DISTANCE);
    assertHeld(new Gate(DISTANCE).evaluate(Map.of(), false), Gate.DISTANCE);
  }

  @Test
  void aMetricThatIsNotANumberHoldsTheVersion() {
    assertHeld(evaluate(SHIFT, Map.of(Gate.LABEL_SHIFT, Double.NaN)), Gate.LABEL_SHIFT);
    assertHeld(evaluate(DISTANCE, distances(Double.NaN, 1)), Gate.DISTANCE);
    assertHeld(evaluate(DISTANCE, distances(1, Double.NaN)), Gate.PRESENT_DISTANCE);
  }

  @Test
  void bothCriteriaMustBeMetAndTheUnmetOneIsNamed() {
    Map<String, Double> better =
        Map.of(Gate.LABEL_SHIFT, 0.1, Gate.DISTANCE, 0.1, Gate.PRESENT_DISTANCE, 0.2);
    Map<String, Double> worse =
        Map.of(Gate.LABEL_SHIFT, 0.1, Gate.DISTANCE, 0.3, Gate.PRESENT_DISTANCE, 0.2);

    assertPassed(evaluate(BOTH, better), "Labels shift by 0.1000", "; the distance");
    assertHeld(evaluate(BOTH, worse), "The distance from real images is 0.3000");
    assertThat(evaluate(BOTH, worse).reason()).doesNotContain("abels");
  }

  @Test
  void aGateIsOffUntilOneCriterionIsSet() {
    assertThat(GateSettings.OFF.isOn()).isFalse();
    assertThat(SHIFT.isOn()).isTrue();
    assertThat(DISTANCE.isOn()).isTrue();
  }

  @Test
  void invalidSettingsAreRejected() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GateSettings("latest", Optional.empty(), true))
        .withMessageContaining("latest");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GateSettings("stable", Optional.of(-1.0), true))
        .withMessageContaining("-1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GateSettings("stable", Optional.of(Double.NaN), true))
        .withMessageContaining("NaN");
  }
}
