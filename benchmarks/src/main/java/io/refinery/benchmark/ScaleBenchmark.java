package io.refinery.benchmark;

import io.refinery.message.Job;
import io.refinery.message.JobResult;
import io.refinery.registry.ModelReference;
import io.refinery.simulator.Look;
import io.refinery.simulator.SimulatorOptions;
import io.refinery.storage.ObjectRef;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Shows how jobs per second grow with the number of worker processes. All share one topic of one
 * partition, one broker and one store, and their engine is a load model: see {@link LoadEngine}.
 *
 * <p>Two tables: jobs that keep an engine busy for seconds, where each further worker should add as
 * much as the first, and jobs of one small image without any refining, where everything else of a
 * job shows.
 */
public final class ScaleBenchmark {

  /** Of a worker, by default. */
  private static final int JOBS_AT_A_TIME = 2;

  private static final Duration START = Duration.ofMinutes(2);

  private final Map<String, String> settings;
  private final List<Integer> counts;
  private int runs;

  private ScaleBenchmark(Map<String, String> settings) {
    this.settings = settings;
    counts = Arrays.stream(settings.get("workers").split(",")).map(Integer::parseInt).toList();
  }

  /**
   * Takes {@code name=value} arguments: workers (comma-separated numbers of processes), jobs (of
   * each worker), images (of a job), micros (per image), small (jobs of one image).
   */
  public static void main(String[] arguments) throws IOException {
    try (BenchmarkSystem system = new BenchmarkSystem()) {
      new ScaleBenchmark(Arguments.of(arguments)).run(system);
    }
  }

  private int number(String name) {
    return Integer.parseInt(settings.get(name));
  }

  private void run(BenchmarkSystem system) throws IOException {
    ModelReference model =
        new ModelReference.ToVersion(system.publish(EyeModel.model(system.folder("model"))));
    long micros = number("micros");
    int images = number("images");
    ObjectRef large = system.upload(new SimulatorOptions(images, Look.SYNTHETIC, 1));
    ObjectRef small = system.upload(new SimulatorOptions(1, Look.SYNTHETIC, 1));
    List<String> rows = new ArrayList<>();
    for (int workers : counts) {
      int jobs = workers * number("jobs");
      Measured measured = measure(system, workers, micros, jobs(jobs, large, model));
      double ideal = jobs * (double) images * micros / 1e6 / workers;
      rows.add(
          row(
              "%d | %d | %.1f | %.1f | %.3f",
              workers, jobs, ideal, measured.seconds(), ideal / measured.seconds()));
    }
    for (int workers : counts) {
      int jobs = number("small");
      Measured measured = measure(system, workers, 0, jobs(jobs, small, model));
      rows.add(
          row(
              "%d | %.0f | %.0f | %s",
              workers,
              jobs / measured.seconds(),
              jobs / measured.seconds() / workers,
              stages(measured.stages())));
    }
    print(rows);
    StoreRequests requests =
        new StoreRequests(system.storage(), model, small, system.folder("requests"));
    double unused = requests.perSecond("store-warm-up-", number("small"), JOBS_AT_A_TIME);
    System.out.printf(
        Locale.ROOT,
        "%nThe requests to the store of such jobs alone, %d at a time: %.0f jobs/s%n",
        JOBS_AT_A_TIME,
        requests.perSecond("store-", number("small"), JOBS_AT_A_TIME));
  }

  /** How long a number of jobs took, and the mean seconds of each stage of a job. */
  private record Measured(double seconds, Map<String, Double> stages) {}

  private Measured measure(BenchmarkSystem system, int workers, long micros, List<Job> jobs)
      throws IOException {
    List<MeasuringProcess> processes = new ArrayList<>();
    try (BenchmarkJobClient client = new BenchmarkJobClient(system.addresses().config())) {
      for (int worker = 0; worker < workers; worker++) {
        processes.add(start(system, micros));
      }
      for (MeasuringProcess process : processes) {
        System.out.println(process.measure(LoadWorker.Ready.class, START));
      }
      // A consumer's first record comes seconds after it has joined, and the first jobs warm up.
      client.submit(renamed(jobs.subList(0, Math.min(jobs.size(), 4 * workers)), "warm-up"));
      List<Job> fresh = renamed(jobs, "run");
      long start = System.nanoTime();
      List<JobResult.Succeeded> results = client.submit(fresh);
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Measured(seconds, BenchmarkJobClient.meanStages(results));
    } finally {
      for (MeasuringProcess process : processes) {
        process.close();
      }
    }
  }

  private MeasuringProcess start(BenchmarkSystem system, long micros) throws IOException {
    LoadWorker.Task task =
        new LoadWorker.Task(system.addresses(), system.folder("work-" + runs++), micros);
    return MeasuringProcess.start(MeasuringProcess.java(LoadWorker.class), Map.of(), task);
  }

  private static List<Job> jobs(int count, ObjectRef input, ModelReference model) {
    return IntStream.range(0, count)
        .mapToObj(number -> new Job("job-" + number, input, model))
        .toList();
  }

  private List<Job> renamed(List<Job> jobs, String purpose) {
    String prefix = purpose + "-" + runs++ + "-";
    return jobs.stream().map(job -> job.withId(prefix + job.id())).toList();
  }

  private static String stages(Map<String, Double> seconds) {
    return seconds.entrySet().stream()
        .map(stage -> String.format(Locale.ROOT, "%s %.1f", stage.getKey(), stage.getValue() * 1e3))
        .collect(Collectors.joining(", "));
  }

  private static String row(String format, Object... values) {
    return "| " + String.format(Locale.ROOT, format, values) + " |";
  }

  private void print(List<String> rows) {
    System.out.println();
    System.out.println("| workers | jobs | ideal, s | took, s | efficiency |");
    System.out.println("|---|---|---|---|---|");
    rows.subList(0, counts.size()).forEach(System.out::println);
    System.out.println();
    System.out.println("| workers | small jobs/s | per worker | stages of a job, ms |");
    System.out.println("|---|---|---|---|");
    rows.subList(counts.size(), rows.size()).forEach(System.out::println);
  }
}
