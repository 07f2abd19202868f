package io.refinery.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.engine.Availability.Available;
import io.refinery.engine.Availability.Unavailable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EngineSelectionTest {

  private static final Named SLOW = new Named("slow", 10, Map.of(), new Available("Slow 1.0"));
  private static final Named FAST = new Named("fast", 20, Map.of(), new Available("Fast 2.0"));
  private static final Named BROKEN =
      new Named("broken", 30, Map.of(), new Unavailable("There is no GPU."));
  private static final Named OLD =
      new Named("old", 5, Map.of("bridge", "1"), new Available("Old 1.0"));
  private static final Named NEW =
      new Named("new", 40, Map.of("bridge", "2"), new Available("New 1.0"));

  private final LoadedNatives natives = new LoadedNatives();

  @Test
  void autoTakesTheFastestThatCanUseTheDevice() {
    EngineSelection<Named> selection = select("auto", List.of(SLOW, BROKEN, FAST));

    assertThat(selection.engine()).isEqualTo(FAST);
    assertThat(selection.description()).isEqualTo("Fast 2.0");
    assertThat(selection.device()).isEqualTo(Device.cpu());
  }

  @Test
  void aNamedEngineIsTakenThoughAnotherIsFaster() {
    assertThat(select("slow", List.of(SLOW, FAST)).engine()).isEqualTo(SLOW);
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
        .hasMessageContaining("no engine here");
  }

  @Test
  void enginesOfAnotherVersionOfALibraryInUseArePassedOver() {
    select("old", List.of(OLD, NEW));

    assertThat(select("auto", List.of(OLD, NEW)).engine()).isEqualTo(OLD);
    assertThatThrownBy(() -> select("new", List.of(OLD, NEW)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("bridge 2")
        .hasMessageContaining("old, already in use in this process, uses 1")
        .hasMessageContaining("a separate process");
  }

  @Test
  void anEngineThatCannotRunKeepsNoOtherFromItsLibraries() {
    Named dead = new Named("dead", 50, Map.of("bridge", "3"), new Unavailable("No."));

    select("auto", List.of(dead, SLOW));

    assertThat(select("new", List.of(NEW)).engine()).isEqualTo(NEW);
  }

  @Test
  void aPrecisionThatAnEngineLacksIsNotTakenForAnother() {
    assertThatThrownBy(
            () ->
                EngineSelection.select(
                    "refine", "auto", Device.cpu(), Precision.HALF, List.of(SLOW), natives))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("slow: On cpu it computes in full, not in half");
  }

  @Test
  void anEngineThatWasFoundUnusableElsewhereIsPassedOverWithoutBeingTried() {
    Named crashing =
        new Named("crashing", 60, Map.of(), new Available("It would have ended the process."));
    UnusableEngines.add(Named.class, "crashing", Device.cpu(), "It ended another process.");

    UnusableEngines.add(TrainingEngine.class, "fast", Device.cpu(), "It trains no more.");

    assertThat(select("auto", List.of(crashing, SLOW)).engine()).isEqualTo(SLOW);
    assertThat(select("auto", List.of(FAST, SLOW)).engine()).isEqualTo(FAST);
    assertThatThrownBy(() -> select("crashing", List.of(crashing, SLOW)))
        .hasMessageContaining("It ended another process.");
  }

  @Test
  void whereThereIsNoEngineTheMessageSaysWhereOneWasLookedFor() {
    assertThatThrownBy(() -> select("other", List.of(SLOW)))
        .hasMessageContaining("refinery.engines.home");
    assertThatThrownBy(() -> select("auto", List.of()))
        .hasMessageContaining("refinery.engines.home");
  }

  @Test
  void twoThatBringALibraryInTwoVersionsDisagree() {
    assertThat(LoadedNatives.disagreement(OLD, NEW)).contains("old uses bridge 1, but new uses 2.");
    assertThat(LoadedNatives.disagreement(OLD, OLD)).isEmpty();
    assertThat(LoadedNatives.disagreement(OLD, SLOW)).isEmpty();
  }

  @Test
  void enginesThatAreNotNamedDoNotClash() {
    assertThat(EngineSelection.clash("auto", "auto")).isEmpty();
    assertThat(EngineSelection.clash("auto", "missing")).isEmpty();
  }

  private EngineSelection<Named> select(String wanted, List<Named> engines) {
    return EngineSelection.select("refine", wanted, Device.cpu(), Precision.FULL, engines, natives);
  }

  private record Named(String name, int speed, Map<String, String> natives, Availability here)
      implements Engine {

    @Override
    public int speed(Device device) {
      return speed;
    }

    @Override
    public Set<Precision> precisions(Device device) {
      return Set.of(Precision.FULL);
    }

    @Override
    public Availability availability(Device device) {
      return here;
    }
  }
}
