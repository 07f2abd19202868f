package io.refinery.benchmark;

import io.refinery.trainer.plan.Preset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Refining and the steps of Algorithm 1 by every engine and by peers from Python, on one device:
 * each in a process of its own, all in turns, so that a change of the machine's speed touches all.
 */
public final class PerformanceBenchmark {

  private static final List<Integer> BATCHES = List.of(1, 32, 128);
  private static final String FULL = "full";

  /** Threads that spin while they wait take the cores from whoever computes; as the launcher. */
  private static final Map<String, String> OURS = Map.of("OMP_WAIT_POLICY", "PASSIVE");

  private final Map<String, String> settings;
  private final Path folder;
  private final PerformanceTable table;

  private PerformanceBenchmark(Map<String, String> settings, Path folder) {
    this.settings = settings;
    this.folder = folder;
    table = new PerformanceTable(BATCHES, list("peers"));
  }

  /**
   * Takes {@code name=value} arguments: device; engines, peers, trainers (names separated by
   * commas, each as {@code name} or {@code name/precision}); pixels (most of a mini-batch of
   * training); rounds; seconds (of a measurement); python (empty for no peers); script (of peers);
   * peak (the program that measures the processor's rate).
   */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> settings =
        Arrays.stream(arguments)
            .map(argument -> argument.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    Path folder = Files.createTempDirectory("refinery-benchmark");
    try {
      new PerformanceBenchmark(settings, folder).run();
    } finally {
      TemporaryFolders.delete(folder);
    }
  }

  private void run() throws IOException {
    Path model = Files.createDirectory(folder.resolve("model"));
    Eyes.model(model);
    TrainingTask steps =
        TrainingTask.simulated(
            "", Preset.EYES_PORT, Integer.parseInt(settings.get("pixels")), seconds(), folder);
    Map<String, EngineTask> tasks = new LinkedHashMap<>();
    List<String> trainers = list("trainers");
    for (String name : list("engines")) {
      tasks.put(name, task(name, model, trainers.contains(name) ? Optional.of(steps) : none()));
    }
    for (String name : python().isPresent() ? list("peers") : List.<String>of()) {
      tasks.put(name, task(name, model, trainers.contains(name) ? Optional.of(steps) : none()));
    }
    for (int round = 1; round <= Integer.parseInt(settings.get("rounds")); round++) {
      if (settings.get("device").equals("cpu")) {
        table.addPeak(peak());
      }
      for (Map.Entry<String, EngineTask> task : tasks.entrySet()) {
        EngineFigures figures =
            new MeasuringProcess(environment(task.getKey()), task.getValue())
                .run(command(task.getKey()), EngineFigures.class);
        System.out.println("round " + round + ", " + task.getKey() + ": " + figures);
        table.add(task.getKey(), figures);
      }
    }
    table.print(System.out);
  }

  private static Optional<TrainingTask> none() {
    return Optional.empty();
  }

  private EngineTask task(String name, Path model, Optional<TrainingTask> steps) {
    String[] parts = name.split("/", 2);
    String device = settings.get("device");
    return new EngineTask(
        parts[0],
        device,
        parts.length == 1 ? FULL : parts[1],
        model.toString(),
        BATCHES,
        seconds(),
        steps.map(task -> task.on(parts[0], device, 0)));
  }

  private double seconds() {
    return Double.parseDouble(settings.get("seconds"));
  }

  private List<String> list(String name) {
    return Arrays.stream(settings.get(name).split(",")).filter(part -> !part.isBlank()).toList();
  }

  private Optional<String> python() {
    return Optional.of(settings.get("python")).filter(program -> !program.isBlank());
  }

  private Map<String, String> environment(String name) {
    return list("engines").contains(name) ? OURS : Map.of();
  }

  private List<String> command(String name) {
    return list("engines").contains(name)
        ? MeasuringProcess.java(EngineMeasurement.class)
        : List.of(python().orElseThrow(), settings.get("script"));
  }

  private double peak() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(MeasuringProcess.javaProgram());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", settings.get("peak")));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return Double.parseDouble(
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
  }
}
