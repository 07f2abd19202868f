package io.refinery.benchmark;

import com.sun.management.OperatingSystemMXBean;
import io.refinery.broker.BrokerConfig;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.image.LevelBatch;
import io.refinery.message.Job;
import io.refinery.network.RefinerFiles;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelVersion;
import io.refinery.simulator.EyeSimulator;
import io.refinery.simulator.Look;
import io.refinery.simulator.SimulatorOptions;
import io.refinery.storage.ObjectRef;
import io.refinery.worker.Worker;
import io.refinery.worker.WorkerConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Compares a whole worker with its engine alone, on one machine: images per second from job message
 * to result message, and those of the engine on batches of 8-bit images in memory, which is what
 * the worker gives it. The two take turns, and each turn of the worker is compared with the mean of
 * the engine's turns before and after it, so that a change in the machine's speed affects both.
 */
public final class WorkerBenchmark {

  private static final int DIFFERENT_BATCHES = 4;

  /** The time that all images take. */
  private record Turn(double seconds, double cpuSeconds) {

    static Turn of(Runnable work) {
      long cpu = cpuNanos();
      long start = System.nanoTime();
      work.run();
      return new Turn((System.nanoTime() - start) / 1e9, (cpuNanos() - cpu) / 1e9);
    }

    private static long cpuNanos() {
      return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
          .getProcessCpuTime();
    }
  }

  /**
   * A turn of the worker between two of the engine, and the mean seconds of each stage of a job.
   */
  private record Round(Turn before, Turn worker, Turn after, Map<String, Double> stages) {

    Turn engine() {
      return new Turn(
          (before.seconds + after.seconds) / 2, (before.cpuSeconds + after.cpuSeconds) / 2);
    }
  }

  private final Map<String, String> settings;
  private final int images;
  private final int jobs;
  private final int rounds;
  private final TimeLimit limit;

  private WorkerBenchmark(Map<String, String> settings) {
    this.settings = settings;
    images = Integer.parseInt(settings.get("images"));
    jobs = Integer.parseInt(settings.get("jobs"));
    rounds = Integer.parseInt(settings.get("rounds"));
    limit = new TimeLimit(Duration.ofSeconds(Integer.parseInt(settings.get("limit"))));
  }

  /**
   * Takes {@code name=value} arguments: device, engine, precision, images (of a bundle), jobs
   * (submitted at once in each round), rounds, limit (seconds after which no further round begins),
   * and options of the engine by their full names.
   */
  public static void main(String[] arguments) throws IOException {
    WorkerBenchmark benchmark = new WorkerBenchmark(Arguments.of(arguments));
    try (BenchmarkSystem system = new BenchmarkSystem()) {
      benchmark.run(system);
    }
  }

  private void run(BenchmarkSystem system) throws IOException {
    RefinerFiles model = EyeModel.model(system.folder("model"));
    ModelVersion version = system.publish(model);
    SimulatorOptions options = new SimulatorOptions(images, Look.SYNTHETIC, 1);
    ObjectRef input = system.upload(options);
    BrokerConfig broker = system.addresses().config();
    WorkerConfig config = WorkerConfig.of(broker, BenchmarkSystem.BUCKET, system.folder("work"));
    EngineSelection<RefiningEngine> selection =
        EngineSelection.refining(
            settings.get("engine"),
            Device.parse(settings.get("device")),
            Precision.parse(settings.get("precision")),
            engineOptions());
    System.out.println("engine: " + selection.description());
    try (DeviceMemory memory = DeviceMemory.watch(selection.device());
        Worker worker = Worker.start(config, system.storage(), selection);
        BenchmarkJobClient client = new BenchmarkJobClient(broker);
        Refiner refiner =
            selection.engine().refiner(model, selection.device(), selection.precision())) {
      System.out.println("worker: " + worker.name());
      List<LevelBatch> batches = batches(options, refiner.batch(model.shape()));
      ModelReference reference = new ModelReference.ToVersion(version);
      report(
          measure(
              () -> repeat(() -> batches.forEach(refiner::refine)),
              round -> BenchmarkJobClient.meanStages(client.submit(jobs(round, input, reference)))),
          memory.peakBytes());
    }
  }

  private void repeat(Runnable work) {
    for (int time = 0; time < jobs; time++) {
      work.run();
    }
  }

  private List<Job> jobs(String round, ObjectRef input, ModelReference model) {
    return IntStream.range(0, jobs)
        .mapToObj(job -> new Job(round + "-" + job, input, model))
        .toList();
  }

  private List<Round> measure(Runnable engine, Function<String, Map<String, Double>> worker) {
    Map<String, Double> unused = worker.apply("warm-up");
    engine.run();
    List<Round> measured = new ArrayList<>();
    Turn before = Turn.of(engine);
    do {
      String name = "round-" + measured.size();
      Map<String, Double> stages = new LinkedHashMap<>();
      Turn whole = Turn.of(() -> stages.putAll(worker.apply(name)));
      Turn after = Turn.of(engine);
      Round round = new Round(before, whole, after, stages);
      System.out.println(name + ": " + round);
      measured.add(round);
      before = after;
    } while (measured.size() < rounds && limit.endRound());
    return measured;
  }

  private EngineOptions engineOptions() {
    return new EngineOptions(
        settings.entrySet().stream()
            .filter(setting -> setting.getKey().startsWith(EngineOptions.PREFIX))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /**
   * Returns as many images as the bundle has: a few different batches in turn, since rendering is
   * slow.
   */
  private static List<LevelBatch> batches(SimulatorOptions options, int size) {
    List<LevelBatch> different = new ArrayList<>();
    List<LevelBatch> batches = new ArrayList<>();
    for (int from = 0; from < options.count(); from += size) {
      if (options.count() - from < size || different.size() < DIFFERENT_BATCHES) {
        int to = Math.min(options.count(), from + size);
        different.add(LevelBatch.of(EyeSimulator.render(options, from, to)));
        batches.add(different.get(different.size() - 1));
      } else {
        batches.add(different.get(batches.size() % DIFFERENT_BATCHES));
      }
    }
    return batches;
  }

  private void report(List<Round> measured, long deviceBytes) throws IOException {
    System.out.println();
    String what = jobs + (jobs == 1 ? " job" : " jobs at once") + " of " + images + " images";
    row(what + ", " + measured.size() + " rounds", "");
    row("---", "---");
    row(
        "engine alone, images/s",
        spread(measured, round -> (double) jobs * images / round.engine().seconds()));
    row(
        "whole worker, images/s",
        spread(measured, round -> (double) jobs * images / round.worker().seconds()));
    row(
        "worker / engine",
        spread(measured, round -> round.engine().seconds() / round.worker().seconds()));
    row(
        "worker / engine, by CPU seconds",
        spread(measured, round -> round.engine().cpuSeconds() / round.worker().cpuSeconds()));
    row("whole worker, seconds", spread(measured, round -> round.worker().seconds()));
    for (String stage : measured.get(0).stages().keySet()) {
      row(
          "stage " + stage + " of a job, seconds",
          spread(measured, round -> round.stages().get(stage)));
    }
    row("peak memory of both, GB", gigabytes(ResidentMemory.peakBytes()));
    row("GPU memory, GB", gigabytes(deviceBytes));
  }

  private static String spread(List<Round> rounds, ToDoubleFunction<Round> figure) {
    return Spread.of(rounds.stream().mapToDouble(figure)).toString();
  }

  private static String gigabytes(long bytes) {
    return bytes == 0 ? "" : String.format(Locale.ROOT, "%.3g", bytes / 1e9);
  }

  private static void row(String what, String figure) {
    System.out.println("| " + what + " | " + figure + " |");
  }
}
