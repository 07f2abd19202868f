package io.refinery.benchmark;

import io.refinery.engine.Device;
import io.refinery.trainer.plan.Preset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Refining and the steps of Algorithm 1 by every engine and by peers from Python, on one device:
 * each in a process of its own, all in turns, so that a change of the machine's speed touches all.
 */
public final class PerformanceBenchmark {

  /** What the launcher sets, which says why. */
  private static final Map<String, String> OURS =
      Map.of(
          "OMP_WAIT_POLICY", "PASSIVE",
          "MALLOC_ARENA_MAX", "1",
          "MALLOC_MMAP_THRESHOLD_", "33554432",
          "MALLOC_TRIM_THRESHOLD_", "17179869184");

  private final Map<String, String> settings;
  private final Path folder;
  private final Device device;
  private final List<Integer> batches;
  private final List<Contestant> engines;
  private final List<Contestant> peers;
  private final PerformanceTable table;

  private PerformanceBenchmark(Map<String, String> settings, Path folder) {
    this.settings = settings;
    this.folder = folder;
    device = Device.parse(settings.get("device"));
    batches =
        Arrays.stream(settings.get("batches").split(","))
            .filter(batch -> !batch.isBlank())
            .map(Integer::valueOf)
            .toList();
    engines = Contestant.list(settings.get("engines"));
    peers = settings.get("python").isBlank() ? List.of() : Contestant.list(settings.get("peers"));
    table = new PerformanceTable(batches, peers);
  }

  /**
   * Takes {@code name=value} arguments: device; batches; engines and peers ({@link Contestant}s
   * separated by commas); trainers (those of them that take steps of Algorithm 1, too); pixels
   * (most of a mini-batch of training); steps (how many, 0 for as many as fit the time); rounds;
   * seconds (of a measurement); python (empty for no peers); script (of peers); peak (the program
   * that measures the processor's rate).
   */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> settings = Arguments.of(arguments);
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
        TrainingTask.simulated("", Preset.EYES_PORT, number("pixels"), seconds(), folder);
    for (int round = 1; round <= number("rounds"); round++) {
      if (device instanceof Device.Cpu) {
        table.addPeak(peak());
      }
      for (Contestant contestant : contestants()) {
        EngineFigures figures = measure(contestant, task(contestant, model, steps));
        System.out.println("round " + round + ", " + contestant.label() + ": " + figures);
        table.add(contestant, figures);
      }
    }
    table.print(System.out);
  }

  private List<Contestant> contestants() {
    return Stream.concat(engines.stream(), peers.stream()).toList();
  }

  private EngineTask task(Contestant contestant, Path model, TrainingTask steps) {
    boolean trains = Contestant.list(settings.get("trainers")).contains(contestant);
    return new EngineTask(
        contestant.engine(),
        device.toString(),
        contestant.precision(),
        model.toString(),
        batches,
        seconds(),
        trains
            ? Optional.of(steps.on(contestant.engine(), device.toString(), number("steps")))
            : Optional.empty());
  }

  private EngineFigures measure(Contestant contestant, EngineTask task) throws IOException {
    boolean ours = engines.contains(contestant);
    MeasuringProcess process = new MeasuringProcess(ours ? OURS : Map.of(), task);
    List<String> command =
        ours
            ? MeasuringProcess.java(EngineMeasurement.class, contestant.properties())
            : List.of(settings.get("python"), settings.get("script"));
    if (!(device instanceof Device.Cuda gpu)) {
      return process.run(command, EngineFigures.class);
    }
    try (DeviceMemory memory = DeviceMemory.watch(gpu.number())) {
      return process.run(command, EngineFigures.class).withDevice(memory.peakBytes());
    }
  }

  private int number(String name) {
    return Integer.parseInt(settings.get(name));
  }

  private double seconds() {
    return Double.parseDouble(settings.get("seconds"));
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
