package io.refinery.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleFormat;
import io.refinery.engine.EngineOptions;
import io.refinery.image.ImageShape;
import io.refinery.json.Json;
import io.refinery.simulator.EyeSimulator;
import io.refinery.simulator.Look;
import io.refinery.simulator.SimulatorOptions;
import io.refinery.trainer.plan.Preset;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures briefly, to find a broken benchmark early. */
class TrainingBenchmarkTest {

  private static final ImageShape SHAPE = new ImageShape(1, 12, 16);

  @TempDir private Path folder;

  @Test
  void measuresTheStepsOfASerialisedTask() throws Exception {
    TrainingPlan plan =
        TrainingTask.steps(Preset.QUICK, SHAPE, 2 * SHAPE.values())
            .with(Map.of("refiner.filters", "2", "refiner.blocks", "1"));
    Path bundle = folder.resolve("eyes.h5");
    SimulatorOptions options =
        new SimulatorOptions(TrainingTask.images(plan), SHAPE, Look.SYNTHETIC, 1);
    EyeSimulator.write(bundle, BundleFormat.HDF5, options, done -> {});
    TrainingTask task =
        new TrainingTask(
            "auto", "cpu", EngineOptions.DEFAULTS, plan, SHAPE, bundle, bundle, 0.01, 0);

    TrainingFigures figures =
        TrainingSteps.measure(Json.mapper().readValue(Json.write(task), TrainingTask.class));

    assertThat(figures.steps()).isPositive();
    assertThat(figures.seconds()).isGreaterThanOrEqualTo(task.seconds());
    assertThat(figures.waited()).isBetween(0.0, figures.seconds());
  }

  @Test
  void everyPresetIsMeasuredWithAMiniBatchThatFitsThePixels() {
    for (Preset preset : Preset.ALL) {
      ImageShape shape = TrainingTask.shape(preset);
      assertThat(TrainingTask.steps(preset, shape, 1).schedule().batch()).isEqualTo(2);
      assertThat(TrainingTask.steps(preset, shape, 3 * shape.values()).schedule().batch())
          .isEqualTo(3);
      assertThat(TrainingTask.steps(preset, shape, Integer.MAX_VALUE).schedule().batch())
          .isEqualTo(preset.plan().schedule().batch());
    }
  }

  @Test
  void theTableHasMediansSpreadsAndRatiosRoundByRound() {
    TrainingTable table = new TrainingTable(true);
    List<TrainingFigures> ours =
        List.of(figures(1, 2_000_000_000L), figures(2, 2_000_000_000L), figures(4, 1_000_000_000L));
    List<TrainingFigures> torch =
        List.of(figures(2, 1_000_000_000L), figures(2, 1_000_000_000L), figures(2, 1_000_000_000L));
    table.add(Preset.EYES_PAPER, new TrainingTable.Measured(SHAPE, 32, ours, torch));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    table.print(new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList().get(2))
        .startsWith("| eyes-paper | 32 instead of 512 of 16x12 gray | 2.00 (1.00 to 4.00) | 0.5")
        .endsWith("| 1.00 (0.500 to 2.00) | 1.00 (0.500 to 2.00) | 2.00 (1.00 to 2.00) |");
  }

  private static TrainingFigures figures(long steps, long peakBytes) {
    return new TrainingFigures(steps, 1, 1, 0, peakBytes);
  }
}
