package io.refinery.benchmark;

import io.refinery.engine.Device;
import io.refinery.trainer.plan.Preset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Measures refining and the steps of Algorithm 1 for every engine and for peers in Python, on one
 * device. Each runs in its own long-lived process, and all take turns, so that a change in the
 * machine's speed affects all of them.
 */
public final class PerformanceBenchmark {

  /** The same as the launcher sets; it says why. */
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
  private final TimeLimit limit;
  private final PerformanceTable table;
  private final Map<Entry, MeasuringProcess> running = new LinkedHashMap<>();
  private final Map<Entry, String> failed = new LinkedHashMap<>();

  /** One contestant and one task: refining, or steps of Algorithm 1. */
  private record Entry(Contestant contestant, boolean trains) {
    @Override
    public String toString() {
      return contestant.label() + (trains ? ", training" : ", refining");
    }
  }

  private PerformanceBenchmark(Map<String, String> settings, Path folder) {
    this.settings = settings;
    this.folder = folder;
    device = Device.parse(settings.get("device"));
    batches =
        Arrays.stream(settings.get("batches").split(","))
            .filter(batch -> !batch.isBlank())
            .map(Integer::valueOf)
            .toList();
    limit = new TimeLimit(Duration.ofSeconds(number("limit")));
    table = new PerformanceTable(batches);
  }

  /**
   * Takes {@code name=value} arguments: device; batches; engines, peers and trainers ({@link
   * Contestant}s separated by commas: the first two refine, the last run steps of Algorithm 1);
   * pixels (maximum per training mini-batch); steps (how many, 0 for as many as fit the time);
   * rounds; seconds (per measurement; with steps, the maximum for them); limit (seconds after which
   * no new round starts); python (empty for no peers); script (of the peers); peak (the program
   * that measures the CPU's peak rate, empty for none).
   *
   * @throws IOException also when a contestant could not be measured, after measuring all others
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
    EyeModel.model(model);
    TrainingTask steps =
        TrainingTask.simulated("", Preset.EYES_PORT, number("pixels"), seconds(), folder);
    List<Entry> entries = entries();
    try {
      int round = 1;
      do {
        if (device instanceof Device.Cpu && !settings.get("peak").isBlank()) {
          table.addPeak(peak());
        }
        for (Entry entry : entries) {
          if (!failed.containsKey(entry)) {
            measure(entry, round, task(entry, model, steps));
          }
        }
      } while (round++ < number("rounds") && limit.endRound());
    } finally {
      for (MeasuringProcess process : running.values()) {
        process.close();
      }
    }
    table.print(System.out);
    report();
  }

  private void report() throws IOException {
    if (!failed.isEmpty()) {
      System.out.println();
      failed.forEach((entry, reason) -> System.out.println("Failed: " + entry + ": " + reason));
      throw new IOException("Could not measure: " + failed.keySet());
    }
  }

  private List<Entry> entries() {
    Stream<Entry> refining = Stream.of("engines", "peers").flatMap(name -> entries(name, false));
    return Stream.concat(refining, entries("trainers", true)).toList();
  }

  private Stream<Entry> entries(String setting, boolean trains) {
    boolean python = !settings.get("python").isBlank();
    return Contestant.list(settings.get(setting)).stream()
        .filter(contestant -> python || !contestant.isPeer())
        .map(contestant -> new Entry(contestant, trains));
  }

  private EngineTask task(Entry entry, Path model, TrainingTask steps) {
    Contestant contestant = entry.contestant();
    return new EngineTask(
        contestant.engine(),
        device.toString(),
        contestant.precision(),
        contestant.options(),
        model.toString(),
        entry.trains() ? List.of() : batches,
        seconds(),
        entry.trains()
            ? Optional.of(
                steps.on(
                    contestant.engine(), device.toString(), contestant.options(), number("steps")))
            : Optional.empty());
  }

  /** Measures one entry; one that fails is left out of later rounds, and the others continue. */
  private void measure(Entry entry, int round, EngineTask task) {
    try {
      EngineFigures figures = round == 1 ? first(entry, task) : further(entry);
      System.out.println("round " + round + ", " + entry + ": " + figures);
      table.add(entry.contestant(), figures);
    } catch (IOException e) {
      failed.put(entry, e.getMessage());
      table.remove(entry.contestant(), entry.trains());
    }
  }

  /** Measures an entry's first turn, in which it allocates its memory. */
  private EngineFigures first(Entry entry, EngineTask task) throws IOException {
    try (DeviceMemory memory = DeviceMemory.watch(device)) {
      running.put(entry, start(entry.contestant(), task));
      return further(entry).withDevice(memory.peakBytes());
    }
  }

  private EngineFigures further(Entry entry) throws IOException {
    return running.get(entry).measure(EngineFigures.class, limit.patience());
  }

  private MeasuringProcess start(Contestant contestant, EngineTask task) throws IOException {
    return contestant.isPeer()
        ? MeasuringProcess.start(
            List.of(settings.get("python"), settings.get("script")), Map.of(), task)
        : MeasuringProcess.start(MeasuringProcess.java(EngineMeasurement.class), OURS, task);
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
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String rate =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (rate.isEmpty()) {
      throw new IOException("Could not measure the CPU's peak rate with " + command);
    }
    return Double.parseDouble(rate);
  }
}
