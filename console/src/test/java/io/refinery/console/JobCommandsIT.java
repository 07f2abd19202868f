package io.refinery.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.console.Commands.Answer;
import io.refinery.console.connection.Connections;
import io.refinery.console.models.ShippedModel;
import io.refinery.console.submit.JobClient;
import io.refinery.console.work.WorkerFactory;
import io.refinery.message.ErrorCode;
import io.refinery.message.Job;
import io.refinery.message.JobPriority;
import io.refinery.message.JobResult;
import io.refinery.registry.ModelReference;
import io.refinery.storage.ObjectRef;
import io.refinery.testkit.JavaProgram;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import io.refinery.worker.Worker;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ids, dead letters and outputs as users of the commands see them. */
@StackTest
class JobCommandsIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;

  private final Stack stack;
  private final String id = "job-" + UUID.randomUUID();
  private Commands commands;
  private Connections connections;
  private Path eyes;

  JobCommandsIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void start() throws Exception {
    commands = new Commands(stack, folder.resolve("home"));
    connections = commands.connect();
    ShippedModel.publishWhereMissing(connections.registry(), connections.channelMover());
    eyes = Commands.simulate(folder.resolve("eyes.h5"), 4);
  }

  @AfterEach
  void stop() {
    connections.close();
  }

  private Answer refinery(String... command) {
    return commands.refinery(command);
  }

  private ObjectRef result(String jobId) {
    return new ObjectRef(connections.bucket(), "results/" + jobId + ".json");
  }

  @Test
  void statusPrintsTheResultAsItWasPublished() {
    try (Worker worker = WorkerFactory.start(connections)) {
      assertThat(refinery("submit", eyes.toString(), "--id", id, "--wait").code()).isZero();
      byte[] stored = connections.storage().read(result(id), 1 << 20).bytes();

      Answer answer = refinery("status", id);

      assertThat(answer.out())
          .isEqualToIgnoringNewLines(new String(stored, StandardCharsets.UTF_8));
      assertThat(answer.out())
          .contains("\"schema\":\"refinery.result/1\"", "\"status\":\"succeeded\"")
          .containsPattern("\"model\":\"eyes@\\d+\"");
      assertThat(worker.name()).isNotEmpty();
    }
  }

  @Test
  void anIdOfAnotherJobIsRefusedAndNoFileIsWritten() {
    Path other = Commands.simulate(folder.resolve("other.h5"), 5);
    Path refined = folder.resolve("refined.h5");
    try (Worker worker = WorkerFactory.start(connections)) {
      assertThat(refinery("submit", eyes.toString(), "--id", id, "--wait").code()).isZero();

      Answer answer =
          refinery("submit", other.toString(), "--id", id, "--output", refined.toString());
      Answer same = refinery("submit", eyes.toString(), "--id", id, "--output", refined.toString());

      assertThat(answer.code()).isEqualTo(2);
      assertThat(answer.err()).contains("already stands for another job", "eyes.h5");
      assertThat(same.code()).as(same.err()).isZero();
      assertThat(refined).isNotEmptyFile();
      assertThat(worker.name()).isNotEmpty();
    }
  }

  @Test
  void aJobThatMeetsAnothersResultWhileItWaitsFailsAndWritesNoFile() throws Exception {
    Path refined = folder.resolve("refined.h5");
    Path errors = folder.resolve("errors.txt");
    Process waiting = waiting(errors, "--output", refined.toString());
    await().atMost(PATIENCE).until(() -> Files.readString(errors).contains(id));
    Job other =
        new Job(id, new ObjectRef(connections.bucket(), "none.h5"), ModelReference.parse("eyes"));
    connections
        .storage()
        .put(
            result(id),
            new JobResult.Failed(
                    id,
                    ErrorCode.NO_IMAGES,
                    "So.",
                    Instant.now(),
                    Optional.empty(),
                    Optional.of(other))
                .toJson());

    try (Worker worker = WorkerFactory.start(connections)) {
      assertThat(waiting.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(worker.name()).isNotEmpty();
    } finally {
      waiting.destroyForcibly();
    }
    assertThat(Files.readString(errors)).contains("already stands for another job", "none.h5");
    assertThat(waiting.exitValue()).isEqualTo(2);
    assertThat(refined).doesNotExist();
  }

  @Test
  void aFailedJobIsReplayedUnderAFreshIdOnceItsCauseIsMended() {
    ObjectRef input = new ObjectRef(connections.bucket(), "late-" + id + ".h5");
    try (Worker worker = WorkerFactory.start(connections)) {
      String[] submit = {"submit", input.toString(), "--id", id, "--wait"};
      assertThat(refinery(submit).err()).contains("NO_SUCH_OBJECT");
      Answer again = refinery(submit);
      assertThat(again.code()).isEqualTo(1);
      assertThat(again.err())
          .contains("already failed", "NO_SUCH_OBJECT", "refinery dead replay " + id);
      assertThat(refinery("dead").out().lines().filter(line -> line.contains(id)))
          .singleElement()
          .asString()
          .contains("NO_SUCH_OBJECT");

      connections.storage().upload(input, eyes);
      Answer replayed = refinery("dead", "replay", id);
      assertThat(replayed.code()).as(replayed.err()).isZero();
      assertThat(replayed.out()).contains(id + " is sent again as " + id + "-again-");
      String fresh = replayed.out().strip().split(" sent again as ", 2)[1];

      await().atMost(PATIENCE).until(() -> refinery("status", fresh).code() == 0);
      assertThat(refinery("status", id).out()).contains("NO_SUCH_OBJECT");
      assertThat(refinery("dead", "replay", "--all").out())
          .contains(id + " was replayed as " + fresh + ", which succeeded.");
      assertThat(worker.name()).isNotEmpty();
    }
  }

  @Test
  void aJobIsCancelledUnlessItHasEnded() {
    try (Worker worker = WorkerFactory.start(connections)) {
      Answer cancelled = refinery("cancel", id);
      assertThat(cancelled.code()).as(cancelled.err()).isZero();
      assertThat(cancelled.out()).isEqualToIgnoringNewLines("Job " + id + " is cancelled.");
      assertThat(refinery("status", id).out()).contains("\"code\":\"CANCELLED\"");
      Answer late = refinery("submit", eyes.toString(), "--id", id, "--wait");
      assertThat(late.code()).isEqualTo(1);
      assertThat(late.err()).contains("CANCELLED").doesNotContain("dead replay");

      String done = id + "-done";
      assertThat(refinery("submit", eyes.toString(), "--id", done, "--wait").code()).isZero();
      Answer ended = refinery("cancel", done, id);
      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.err())
          .contains("job " + done + " is not cancelled: it has already succeeded");
      assertThat(ended.out()).contains("Job " + id + " is cancelled.");
      assertThat(worker.name()).isNotEmpty();
    }
  }

  @Test
  void aCancellationThatNoWorkerHasCarriedOutIsSaidToBeSent() {
    Answer answer = refinery("cancel", id, "--timeout", "PT0S");
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.err()).contains(id + " is not cancelled yet", "next worker");
    assertThat(refinery("cancel", "no id!").code()).isEqualTo(2);
  }

  @Test
  void aJobThatMissesItsDeadlineIsReplayedWithANewOne() {
    ObjectRef input = new ObjectRef(connections.bucket(), "slow-" + id + ".h5");
    Job late =
        new Job(id, input, ModelReference.parse("eyes"))
            .withDeadline(Optional.of(Instant.now().minusSeconds(1)));
    connections.storage().upload(input, eyes);
    try (Worker worker = WorkerFactory.start(connections)) {
      new JobClient(connections).send(late, JobPriority.NORMAL);
      await().atMost(PATIENCE).until(() -> refinery("dead").out().contains(id));
      assertThat(refinery("status", id).out()).contains("DEADLINE_PASSED");

      Answer passed = refinery("dead", "replay", id);
      assertThat(passed.code()).isEqualTo(1);
      assertThat(passed.out()).contains("its deadline", "has passed", "--deadline");
      Answer again = refinery("dead", "replay", id, "--deadline", "PT1H");
      assertThat(again.code()).as(again.err()).isZero();
      String fresh = again.out().strip().split(" sent again as ", 2)[1];
      await().atMost(PATIENCE).until(() -> refinery("status", fresh).code() == 0);
      assertThat(worker.name()).isNotEmpty();
    }
  }

  @Test
  void aDeadlineThatIsNoneIsRefusedBeforeAnythingIsSent() {
    for (String wrong : List.of("tomorrow", "PT-5M", "2020-01-01T00:00:00Z", "PT2")) {
      Answer answer = refinery("submit", eyes.toString(), "--deadline", wrong);
      assertThat(answer.code()).as(wrong).isEqualTo(2);
      assertThat(answer.err()).contains("--deadline", "'" + wrong + "'");
    }
  }

  @Test
  void whatCannotBeReplayedIsNamed() {
    assertThat(refinery("dead", "replay", "nothing").code()).isEqualTo(2);
    assertThat(refinery("dead", "replay", "nothing").err()).contains("'nothing'", "refinery dead");
    assertThat(refinery("dead", "replay").code()).isEqualTo(2);
  }

  @Test
  void anUnusableOutputIsNamedBeforeAnythingIsSent() {
    String before = refinery("status").out();
    for (String output : new String[] {"none/refined.h5", "refined.zip", "refined.png"}) {
      Answer answer =
          refinery(
              "submit", eyes.toString(), "--id", id, "--output", folder.resolve(output).toString());
      assertThat(answer.code()).as(output).isEqualTo(2);
      assertThat(answer.err()).contains("--output: ");
    }
    Answer format =
        refinery(
            "submit",
            eyes.toString(),
            "--format",
            "zip",
            "--output",
            folder.resolve("refined.h5").toString());
    assertThat(format.code()).isEqualTo(2);
    assertThat(format.err()).contains("ZIP", "--format asks for");
    assertThat(refinery("status").out()).contains("waiting").isEqualTo(before);
  }

  @Test
  void anInterruptedWaitNamesTheJobAndSaysHowToGetItsResult() throws Exception {
    Path errors = folder.resolve("errors.txt");
    Process waiting = waiting(errors, "--wait");
    try {
      await().atMost(PATIENCE).until(() -> Files.readString(errors).contains("sent job " + id));
      waiting.destroy();
      assertThat(waiting.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      waiting.destroyForcibly();
    }
    assertThat(Files.readString(errors)).contains("`refinery status " + id + "`");
  }

  /** Starts {@code submit} in a process of its own, whose jobs nobody does yet. */
  private Process waiting(Path errors, String... more) throws IOException {
    List<String> submit = new ArrayList<>(List.of("submit", eyes.toString(), "--id", id));
    submit.addAll(List.of(more));
    List<String> command = commands.connected(submit.toArray(String[]::new));
    return JavaProgram.of(Refinery.class, "256m", command.toArray(String[]::new))
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Files.createFile(errors).toFile())
        .start();
  }
}
