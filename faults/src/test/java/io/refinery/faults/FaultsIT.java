package io.refinery.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.storage.ObjectStorage;
import io.refinery.worker.Leftover;
import io.refinery.worker.StoreSweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.commons.io.FileUtils;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs jobs under a seeded schedule of faults, and audits what is left. */
class FaultsIT {

  private static final Logger log = LoggerFactory.getLogger(FaultsIT.class);

  /** Seeds that once failed. */
  private static final long[] KEPT = {};

  private static final long SEED = Long.getLong("faults.seed", 1);
  private static final int JOBS = Integer.getInteger("faults.jobs", 500);
  private static final Duration TIME = Duration.ofMinutes(Integer.getInteger("faults.minutes", 10));

  /** For what is still to be done when the last fault is mended. */
  private static final Duration REST = Duration.ofMinutes(5);

  /** Late results of workers that were suspended come within this time. */
  private static final Duration QUIET = WorkerMain.LOCK.multipliedBy(3);

  private static final long MICROS_PER_IMAGE = 5_000;

  static LongStream seeds() {
    return LongStream.concat(LongStream.of(SEED), LongStream.of(KEPT)).distinct();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noJobIsLostAndNoneHasTwoResults(long seed) throws Exception {
    Path folder = Path.of("target", "faults", "seed-" + seed).toAbsolutePath();
    SmallDisk.sweep(folder);
    FileUtils.deleteDirectory(folder.toFile());
    Files.createDirectories(folder);
    Path home = Path.of(System.getProperty("refinery.embedded.home"));
    try (FaultedSystem system = FaultedSystem.start(home, folder, seed)) {
      Thread hook = new Thread(() -> closeQuietly(system), "close");
      Runtime.getRuntime().addShutdownHook(hook);
      Audit audit = run(system, folder, seed);
      String table =
          "Seed %d, %d jobs in %s%n%-30s %6d%n%-30s %6d%n%s%-30s %6.1f s%n%-30s %6d"
              .formatted(
                  seed,
                  JOBS,
                  TIME,
                  "faults",
                  system.faults(),
                  "faults left out",
                  system.leftOut(),
                  audit.table(),
                  "longest stop",
                  system.longestStop().toMillis() / 1e3,
                  "exits of workers by themselves",
                  system.restarts());
      log.info("{}", table);
      assertThat(audit.wrong()).as(table).isEmpty();
      assertThat(system.longestStop()).as(table).isLessThan(WorkerProcess.LONGEST_STOP);
      boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  private static Audit run(FaultedSystem system, Path folder, long seed) throws Exception {
    Inputs inputs;
    try (ObjectStorage storage = system.storage()) {
      system.publish(storage, seed);
      inputs =
          Inputs.upload(
              storage,
              FaultedSystem.BUCKET,
              Files.createDirectories(folder.resolve("inputs")),
              seed);
    }
    system.startWorkers(MICROS_PER_IMAGE);
    Instant end = Instant.now().plus(TIME);
    ExecutorService places = Executors.newCachedThreadPool();
    try {
      List<Future<?>> schedules = new ArrayList<>();
      for (Fault.Place place : Fault.Place.values()) {
        Schedule schedule = Schedule.of(seed, place, 3, TIME);
        schedules.add(
            places.submit(
                () -> {
                  system.suffer(schedule, end);
                  return null;
                }));
      }
      submit(system, inputs, seed);
      for (Future<?> schedule : schedules) {
        schedule.get();
      }
    } finally {
      places.shutdownNow();
    }
    return audit(system, Files.createDirectories(folder.resolve("audit")));
  }

  /** Sends the jobs at equal intervals. */
  private static void submit(FaultedSystem system, Inputs inputs, long seed) throws Exception {
    long begin = System.nanoTime();
    CountDownLatch never = new CountDownLatch(1);
    try (Submitter submitter =
        new Submitter(
            system.bootstrapServers(), FaultedSystem.TOPICS, inputs, FaultedSystem.MODEL, seed)) {
      for (int number = 0; number < JOBS; number++) {
        long due = begin + TIME.toNanos() / JOBS * number;
        boolean unused = never.await(due - System.nanoTime(), TimeUnit.NANOSECONDS);
        submitter.send(number);
      }
      submitter.cancelDue();
    }
  }

  private static Audit audit(FaultedSystem system, Path scratch) throws Exception {
    try (ResultWatch watch = new ResultWatch(system.bootstrapServers(), FaultedSystem.TOPICS)) {
      try {
        await().atMost(REST).until(() -> watch.ids() >= JOBS);
      } catch (ConditionTimeoutException e) {
        // The auditor says which are missing.
      }
      await().atMost(REST).until(() -> watch.quietFor().compareTo(QUIET) > 0);
    }
    system.stopWorkers();
    try (ObjectStorage storage = system.storage()) {
      sweep(storage);
      Evidence evidence =
          Evidence.read(
              system.bootstrapServers(), FaultedSystem.TOPICS, storage, FaultedSystem.BUCKET);
      return Auditor.audit(evidence, JOBS, scratch);
    }
  }

  /** Removes what killed workers left, as {@code refinery clean} does a day later. */
  private static void sweep(ObjectStorage storage) {
    List<Leftover> swept = new ArrayList<>();
    new StoreSweep(storage, FaultedSystem.BUCKET, Duration.ZERO).run(swept::add);
    swept.forEach(one -> log.info("Swept {}: {}", one.ref(), one.why()));
    log.info(
        "Swept {} refined bundles",
        swept.stream().filter(one -> one.ref().key().startsWith("refined/")).count());
  }

  private static void closeQuietly(FaultedSystem system) {
    try {
      system.close();
    } catch (IOException e) {
      log.warn("Not everything was closed", e);
    }
  }
}
