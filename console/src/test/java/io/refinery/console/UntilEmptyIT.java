package io.refinery.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.console.connection.Connections;
import io.refinery.console.models.ShippedModel;
import io.refinery.testkit.JavaProgram;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that is started to do what waits. */
@StackTest
class UntilEmptyIT {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir Path folder;

  private final Stack stack;

  UntilEmptyIT(Stack stack) {
    this.stack = stack;
  }

  @Test
  void aWorkerDoesTheJobsOfBothPrioritiesAndEndsWithZero() throws Exception {
    Commands commands = new Commands(stack, folder.resolve("home"));
    try (Connections connections = commands.connect()) {
      ShippedModel.publishWhereMissing(connections.registry(), connections.channelMover());
      Path eyes = Commands.simulate(folder.resolve("eyes.h5"), 4);
      List<String> jobs = List.of(stack.name("1"), stack.name("2"), stack.name("3"));
      for (String job : jobs) {
        String priority = job.equals(jobs.get(1)) ? "high" : "normal";
        String[] submit = {"submit", eyes.toString(), "--id", job, "--priority", priority};
        assertThat(commands.refinery(submit).code()).isZero();
      }

      assertThat(codeOfWorker(commands, "--until-empty=PT1S")).isZero();

      assertThat(jobs)
          .allSatisfy(
              job ->
                  assertThat(commands.refinery("status", job).out())
                      .contains("\"status\":\"succeeded\""));
      assertThat(codeOfWorker(commands, "--until-empty=PT0S")).isZero();
      assertThat(commands.refinery("worker", "--until-empty=soon").code()).isEqualTo(2);
    }
  }

  private int codeOfWorker(Commands commands, String flag) throws Exception {
    List<String> command =
        commands.connected("worker", flag, "--set", "refinery.engines.examine=none");
    Process worker =
        JavaProgram.of(Refinery.class, "256m", command.toArray(String[]::new))
            .redirectOutput(Redirect.DISCARD)
            .start();
    try {
      assertThat(worker.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return worker.exitValue();
    } finally {
      worker.destroyForcibly();
    }
  }
}
