package io.refinery.benchmark;

import io.refinery.bundle.BundleFormat;
import io.refinery.image.ImageShape;
import io.refinery.json.Json;
import io.refinery.simulator.EyeSimulator;
import io.refinery.simulator.Look;
import io.refinery.simulator.SimulatorOptions;
import io.refinery.trainer.plan.Preset;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The training steps of every preset, and the same steps as PyTorch does them, on one machine: each
 * measurement in a process of its own, so that its memory is its own, and the two in turns, so that
 * a change of the machine's speed touches both.
 */
public final class TrainingBenchmark {

  /** What PyTorch cannot be measured without. */
  private static final String NEEDS = "import torch";

  private final Map<String, String> settings;
  private final Path folder;
  private final Optional<List<String>> python;

  private TrainingBenchmark(Map<String, String> settings, Path folder) throws IOException {
    this.settings = settings;
    this.folder = folder;
    python = python();
  }

  /**
   * Takes {@code name=value} arguments: presets (a regular expression), rounds, seconds, pixels,
   * threads (0 for all cores), python (empty for none), script.
   */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> settings =
        Arrays.stream(arguments)
            .map(argument -> argument.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
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

  /** The command that measures by PyTorch, where there is one. */
  private Optional<List<String>> python() throws IOException {
    String program = settings.get("python");
    if (program.isBlank()) {
      System.out.println("PyTorch is not measured: no -Dpython= names a Python that has it.");
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
    MeasuringProcess process =
        new MeasuringProcess(threads(), new String(Json.write(task), StandardCharsets.UTF_8));
    for (int round = 0; round < number("rounds"); round++) {
      ours.add(process.run(java()));
      System.out.println(preset.name() + ", this trainer: " + ours.get(round));
      if (python.isPresent()) {
        torch.add(process.run(python.get()));
        System.out.println(preset.name() + ", PyTorch: " + torch.get(round));
      }
    }
    return new TrainingTable.Measured(task.shape(), task.plan().schedule().batch(), ours, torch);
  }

  private TrainingTask task(Preset preset) throws IOException {
    ImageShape shape = TrainingTask.shape(preset);
    TrainingPlan plan = TrainingTask.steps(preset, shape, number("pixels"));
    return new TrainingTask(
        plan,
        shape,
        bundle(preset, plan, Look.SYNTHETIC),
        bundle(preset, plan, Look.CAMERA),
        number("seconds"));
  }

  private Path bundle(Preset preset, TrainingPlan plan, Look look) throws IOException {
    Path bundle = folder.resolve(preset.name() + "-" + look + ".h5");
    SimulatorOptions options =
        new SimulatorOptions(TrainingTask.images(plan), TrainingTask.shape(preset), look, 1);
    EyeSimulator.write(bundle, BundleFormat.HDF5, options, done -> {});
    return bundle;
  }

  private static List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Dslf4j.internal.verbosity=ERROR",
        "-classpath",
        System.getProperty("java.class.path"),
        TrainingSteps.class.getName());
  }
}
