package io.refinery.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.storage.ObjectStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs many small jobs without faults and watches the memory of the workers. */
class SoakIT {

  private static final Logger log = LoggerFactory.getLogger(SoakIT.class);

  private static final String JOBS = "faults.soak";
  private static final long SEED = 1;
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(3);

  /** Between the second quarter of the run, when all is warm, and the last one. */
  private static final double LARGEST_GROWTH = 1.15;

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "Memory is read from /proc")
  @EnabledIfSystemProperty(
      named = JOBS,
      matches = "[0-9]+",
      disabledReason = "Needs -Dfaults.soak=N")
  void memoryStaysFlatOverManySmallJobs() throws Exception {
    int jobs = Integer.getInteger(JOBS);
    Path folder = Path.of("target", "faults", "soak").toAbsolutePath();
    FileUtils.deleteDirectory(folder.toFile());
    Files.createDirectories(folder);
    Path home = Path.of(System.getProperty("refinery.embedded.home"));
    try (FaultedSystem system = FaultedSystem.start(home, folder, SEED);
        ObjectStorage storage = system.storage()) {
      system.publish(storage, SEED);
      Path files = Files.createDirectories(folder.resolve("inputs"));
      Inputs inputs = Inputs.upload(storage, FaultedSystem.BUCKET, files, SEED);
      system.startWorkers(0);
      Soak soak = measure(system, inputs, jobs);
      soak.draw(Path.of("target", "soak.png"));
      log.info(
          "{} jobs, {} per second; MiB of all workers by quarter: {}, {}, {}, {}",
          jobs,
          Math.round(soak.jobsPerSecond()),
          Math.round(soak.memory(0)),
          Math.round(soak.memory(1)),
          Math.round(soak.memory(2)),
          Math.round(soak.memory(3)));
      assertThat(soak.memory(3)).isLessThan(soak.memory(1) * LARGEST_GROWTH);
    }
  }

  private static Soak measure(FaultedSystem system, Inputs inputs, int jobs) {
    Soak soak = new Soak();
    try (Submitter submitter =
            new Submitter(
                system.bootstrapServers(),
                FaultedSystem.TOPICS,
                inputs,
                FaultedSystem.MODEL,
                SEED);
        ResultWatch watch = new ResultWatch(system.bootstrapServers(), FaultedSystem.TOPICS)) {
      long begin = System.nanoTime();
      submitter.sendSmall(jobs);
      await()
          .atMost(LONGEST)
          .pollInterval(INTERVAL)
          .until(
              () -> {
                int done = watch.ids();
                soak.add((System.nanoTime() - begin) / 1e9, done, system.workerMebibytes());
                return done >= jobs;
              });
    }
    return soak;
  }
}
