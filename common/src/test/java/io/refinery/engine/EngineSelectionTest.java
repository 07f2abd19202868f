package io.refinery.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.engine.EngineSelection.Candidate;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineSelectionTest {

  private static final Candidate<String> SLOW =
      new Candidate<>("slow engine", "slow", new Availability.Available(10, "Slow 1.0"));
  private static final Candidate<String> FAST =
      new Candidate<>("fast engine", "fast", new Availability.Available(20, "Fast 2.0"));
  private static final Candidate<String> BROKEN =
      new Candidate<>("broken engine", "broken", new Availability.Unavailable("There is no GPU."));

  @Test
  void autoTakesTheFastestThatCanUseTheDevice() {
    EngineSelection<String> selection = select("auto", List.of(SLOW, BROKEN, FAST));

    assertThat(selection.engine()).isEqualTo("fast engine");
    assertThat(selection.description()).isEqualTo("Fast 2.0");
    assertThat(selection.device()).isEqualTo(Device.cpu());
  }

  @Test
  void aNamedEngineIsTakenThoughAnotherIsFaster() {
    assertThat(select("slow", List.of(SLOW, FAST)).engine()).isEqualTo("slow engine");
  }

  @Test
  void aNamedEngineThatCannotRunSaysWhatIsMissingAndNothingStandsInForIt() {
    assertThatThrownBy(() -> select("broken", List.of(SLOW, BROKEN)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("cpu")
        .hasMessageContaining("There is no GPU.");
  }

  @Test
  void anUnknownEngineIsRefusedNamingThoseThereAre() {
    assertThatThrownBy(() -> select("other", List.of(SLOW, FAST)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("'other'")
        .hasMessageContaining("slow, fast");
  }

  @Test
  void withoutAnyEngineThereIsNothingToSelect() {
    assertThatThrownBy(() -> select("auto", List.of()))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("class path");
  }

  private static EngineSelection<String> select(String wanted, List<Candidate<String>> candidates) {
    return EngineSelection.select("refine", wanted, Device.cpu(), candidates);
  }
}
