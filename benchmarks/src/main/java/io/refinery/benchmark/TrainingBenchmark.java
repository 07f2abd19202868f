package io.refinery.benchmark;

import io.refinery.trainer.plan.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures the training steps of every preset, and the same steps in PyTorch, on one machine. Each
 * measurement has its own process, so that memory is measured separately. The two take turns, so
 * that a change in the machine's speed affects both.
 */
public final class TrainingBenchmark {

  /** The Python statement that must succeed for PyTorch to be measured. */
  private static final String NEEDS = "import torch";

  private static final Duration PATIENCE = Duration.ofHours(1);

  private final Map<String, String> settings;
  private final Path folder;
  private final Optional<List<String>> python;

  private TrainingBenchmark(Map<String, String> settings, Path folder) throws IOException {
    this.settings = settings;
    this.folder = folder;
    python = python();
  }

  /**
   * Takes {@code name=value} arguments: presets (a regular expression), engine, rounds, seconds,
   * pixels, threads (0 for all cores), python (empty for none), script.
   */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> settings = Arguments.of(arguments);
    Path folder = Files.createTempDirectory("refinery-benchmark");
    try {
      new TrainingBenchmark(settings, folder).run();
    } finally {
      TemporaryFolders.delete(folder);
    }
  }

  private int number(String name) {
    return Integer.parseInt(settings.get(name));
  }

  private int threads() {
    return number("threads") == 0 ? Runtime.getRuntime().availableProcessors() : number("threads");
  }

  /** Returns the command that measures PyTorch, if there is a Python with it. */
  private Optional<List<String>> python() throws IOException {
    String program = settings.get("python");
    if (program.isBlank()) {
      System.out.println("PyTorch is not measured: set -Dpython= to a Python that has it.");
      return Optional.empty();
    }
    if (!MeasuringProcess.succeeds(List.of(program, "-c", NEEDS))) {
      System.out.println("PyTorch is not measured: " + program + " has no torch.");
      return Optional.empty();
    }
    return Optional.of(List.of(program, settings.get("script")));
  }

  private void run() throws IOException {
    System.out.println("threads: " + threads());
    TrainingTable table = new TrainingTable(python.isPresent());
    for (Preset preset : Preset.ALL) {
      if (preset.name().matches(settings.get("presets"))) {
        table.add(preset, measure(preset));
      }
    }
    table.print(System.out);
  }

  private TrainingTable.Measured measure(Preset preset) throws IOException {
    TrainingTask task = task(preset);
    List<TrainingFigures> ours = new ArrayList<>();
    List<TrainingFigures> torch = new ArrayList<>();
    for (int round = 0; round < number("rounds"); round++) {
      ours.add(measure(java(), task));
      System.out.println(preset.name() + ", this trainer: " + ours.get(round));
      if (python.isPresent()) {
        torch.add(measure(python.get(), task));
        System.out.println(preset.name() + ", PyTorch: " + torch.get(round));
      }
    }
    return new TrainingTable.Measured(task.shape(), task.plan().schedule().batch(), ours, torch);
  }

  private TrainingFigures measure(List<String> command, TrainingTask task) throws IOException {
    Map<String, String> environment =
        Map.of("OMP_NUM_THREADS", Integer.toString(threads()), "OMP_WAIT_POLICY", "PASSIVE");
    try (MeasuringProcess process = MeasuringProcess.start(command, environment, task)) {
      return process.measure(TrainingFigures.class, PATIENCE);
    }
  }

  private TrainingTask task(Preset preset) throws IOException {
    return TrainingTask.simulated(
        settings.get("engine"), preset, number("pixels"), number("seconds"), folder);
  }

  private static List<String> java() {
    return MeasuringProcess.java(TrainingSteps.class);
  }
}
