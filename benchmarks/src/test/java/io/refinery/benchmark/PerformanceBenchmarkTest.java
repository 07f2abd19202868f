package io.refinery.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.refinery.engine.EngineOptions;
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

/** Measures briefly, to find a broken benchmark early. */
class PerformanceBenchmarkTest {

  @TempDir private Path folder;

  @Test
  void measuresAnEngineFromASerialisedTask() throws Exception {
    EngineTask task =
        new EngineTask(
            "onnx",
            "cpu",
            "full",
            new EngineOptions(Map.of("refinery.engines.onnx.threads", "1")),
            folder.toString(),
            List.of(1, 2),
            0.01,
            Optional.empty());

    EngineFigures figures;
    try (EngineMeasurement measurement =
        new EngineMeasurement(Json.mapper().readValue(Json.write(task), EngineTask.class))) {
      figures = measurement.measure();
    }

    assertThat(figures.description()).startsWith("ONNX Runtime");
    assertThat(figures.imagesPerSecond()).containsOnlyKeys(1, 2);
    assertThat(figures.imagesPerSecond().values()).allMatch(rate -> rate > 0);
    assertThat(Json.mapper().readValue(Json.write(figures), EngineFigures.class))
        .isEqualTo(figures);
  }

  @Test
  void theTableComparesEachEngineWithThePeersOfItsPrecisionRoundByRound() {
    PerformanceTable table = new PerformanceTable(List.of(8));
    for (int round = 1; round <= 3; round++) {
      table.addPeak(114);
      table.add(Contestant.parse("ours"), refining(30 * round));
      table.add(Contestant.parse("pytorch"), refining(10 * round));
      table.add(Contestant.parse("pytorch/half"), refining(500));
      table.add(Contestant.parse("ours"), training(2));
      table.add(Contestant.parse("pytorch"), training(4));
    }

    assertThat(printed(table))
        .contains("| ours | 60.0 (30.0 to 90.0) | 60.0 (30.0 to 90.0) |")
        .contains("| pytorch | 20.0 (10.0 to 30.0) | 20.0 (10.0 to 30.0) |")
        .contains("| ours / pytorch | 3.00 (3.00 to 3.00) |")
        .contains("| ours | 0.500 (0.500 to 0.500) |")
        .contains("| ours / pytorch | 2.00 (2.00 to 2.00) |")
        .doesNotContain("ours / pytorch/half");
  }

  @Test
  void aSettingIsComparedWithTheSameEngineWithAnotherSetting() {
    PerformanceTable table = new PerformanceTable(List.of(8));
    table.add(Contestant.parse("ours/half"), refining(30));
    table.add(Contestant.parse("ours/half/refinery.engines.ours.a=false"), refining(20));
    assertThat(printed(table))
        .contains("| ours/half / ours/half/refinery.engines.ours.a=false | 1.50 (1.50 to 1.50) |")
        .doesNotContain("| ours/half/refinery.engines.ours.a=false / ");
  }

  @Test
  void failedContestantsAreInNoTable() {
    PerformanceTable table = new PerformanceTable(List.of(8));
    table.add(Contestant.parse("ours"), refining(30));
    table.add(Contestant.parse("pytorch"), refining(20));
    table.remove(Contestant.parse("pytorch"), false);
    assertThat(printed(table)).contains("| ours |").doesNotContain("pytorch");
  }

  private static String printed(PerformanceTable table) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    table.print(new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aContestantIsAnEngineAPrecisionAndOptionsOfTheEngine() {
    String graphs = "refinery.engines.torch.cuda-graphs=true";
    String fused = "refinery.engines.torch.fused-convolutions=true";
    assertThat(Contestant.list("dl4j,torch/half/" + graphs + "/" + fused + ","))
        .containsExactly(
            new Contestant("dl4j", "dl4j", "full", EngineOptions.DEFAULTS),
            new Contestant(
                "torch/half/" + graphs + "/" + fused,
                "torch",
                "half",
                EngineOptions.parse(List.of(graphs, fused))));
  }

  @Test
  void whatIsNoOptionOfAnEngineIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Contestant.parse("torch/half/refinery.torch.graphs=true"))
        .withMessageContaining("refinery.torch.graphs");
  }

  private static EngineFigures refining(double rate) {
    return new EngineFigures("an engine", Map.of(8, rate), Optional.empty(), 0, 0, 0);
  }

  private static EngineFigures training(long steps) {
    return new EngineFigures(
        "an engine", Map.of(), Optional.of(new TrainingFigures(steps, 1, steps, 0, 0)), 0, 0, 0);
  }
}
