package io.refinery.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures for an instant, so that the benchmark is not found broken on the day it is needed. */
class PerformanceBenchmarkTest {

  @TempDir private Path folder;

  @Test
  void measuresAnEngineFromATaskThatItReadsBack() throws Exception {
    EngineTask task =
        new EngineTask(
            "onnx", "cpu", "full", folder.toString(), List.of(1, 2), 0.01, Optional.empty());

    EngineFigures figures =
        EngineMeasurement.measure(Json.mapper().readValue(Json.write(task), EngineTask.class));

    assertThat(figures.description()).startsWith("ONNX Runtime");
    assertThat(figures.imagesPerSecond()).containsOnlyKeys(1, 2);
    assertThat(figures.imagesPerSecond().values()).allMatch(rate -> rate > 0);
    assertThat(Json.mapper().readValue(Json.write(figures), EngineFigures.class))
        .isEqualTo(figures);
  }

  @Test
  void theTableComparesWithTheFastestPeerRoundByRound() {
    PerformanceTable table =
        new PerformanceTable(List.of(8), Contestant.list("one,two,other/half"));
    for (int round = 1; round <= 3; round++) {
      table.addPeak(114);
      table.add(Contestant.parse("ours"), figures(30 * round, 2));
      table.add(Contestant.parse("one"), figures(10 * round, 1));
      table.add(Contestant.parse("two"), figures(20 * round, 4));
      table.add(Contestant.parse("other/half"), figures(500, 100));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    table.print(new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("| ours | 60.0 (30.0 to 90.0) | 1.50 (1.50 to 1.50) | 60.0 (30.0 to 90.0) |")
        .contains("| two | 40.0 (20.0 to 60.0) |  | 40.0 (20.0 to 60.0) |")
        .contains("| ours | 0.500 (0.500 to 0.500) | 1.00 (1.00 to 1.00) | 2.00 (2.00 to 2.00) |");
  }

  @Test
  void aContestantIsAnEngineAPrecisionAndPropertiesOfItsProcess() {
    assertThat(Contestant.list("dl4j,torch/half/refinery.torch.graphs=true/a=b,"))
        .containsExactly(
            new Contestant("dl4j", "dl4j", "full", List.of()),
            new Contestant(
                "torch/half/refinery.torch.graphs=true/a=b",
                "torch",
                "half",
                List.of("refinery.torch.graphs=true", "a=b")));
  }

  private static EngineFigures figures(double rate, long steps) {
    return new EngineFigures(
        "an engine",
        Map.of(8, rate),
        Optional.of(new TrainingFigures(steps, 1, steps, 0, 0)),
        0,
        0,
        0);
  }
}
