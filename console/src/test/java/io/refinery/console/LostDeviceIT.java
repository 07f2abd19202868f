package io.refinery.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.console.cli.ErrorReporter;
import io.refinery.console.connection.Connections;
import io.refinery.console.models.ShippedModel;
import io.refinery.console.train.TrainerFactory;
import io.refinery.console.work.WorkerFactory;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import io.refinery.trainer.service.TrainerService;
import io.refinery.worker.Worker;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code refinery worker} and {@code refinery trainer} end when their device is lost. */
@StackTest
class LostDeviceIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final String SENTENCE =
      "refinery: cpu failed and cannot be used again by this process: " + DoomedEngine.TROUBLE;

  @TempDir Path folder;

  private final Stack stack;
  private Commands commands;
  private Connections connections;
  private Path bundle;

  LostDeviceIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() throws Exception {
    commands = new Commands(stack, folder.resolve("home"));
    connections = commands.connect();
    ShippedModel.publishWhereMissing(connections.registry(), connections.channelMover());
    bundle = Commands.simulate(folder.resolve("eyes.h5"), 12);
  }

  @AfterEach
  void disconnect() {
    connections.close();
  }

  @Test
  void aWorkerExitsWithFourAndAnotherDoesItsJob() throws Exception {
    String job = stack.name("job");
    assertThat(commands.refinery("submit", bundle.toString(), "--id", job).code()).isZero();

    assertThat(endOf("worker").errors()).contains(SENTENCE);
    assertThat(commands.refinery("status", job).err()).contains("no result");

    try (Worker other = WorkerFactory.start(connections)) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(commands.refinery("status", job).out())
                      .contains("\"status\":\"succeeded\"", other.engine().description()));
    }
  }

  @Test
  void aTrainerExitsWithFourAndAnotherDoesItsTraining() throws Exception {
    String training = stack.name("training");
    assertThat(commands.submitShortTraining(training, bundle).code()).isZero();

    assertThat(endOf("trainer").errors()).contains(SENTENCE);

    try (TrainerService other = TrainerFactory.start(connections)) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(commands.refinery("trainings").out())
                      .containsPattern(training + " +eyes@\\d+ +published"));
      assertThat(other.deviceLost()).isNotDone();
    }
  }

  private DoomedProcess.End endOf(String service) throws Exception {
    DoomedProcess.End end =
        new DoomedProcess(folder)
            .run(
                commands.connected(
                    service,
                    "--engine",
                    DoomedEngine.NAME,
                    "--set",
                    "refinery.engines.examine=none"),
                PATIENCE);
    assertThat(end.code()).as(end.errors()).isEqualTo(ErrorReporter.DEVICE_LOST);
    return end;
  }
}
