package io.refinery.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.console.Commands.Answer;
import io.refinery.console.connection.Connections;
import io.refinery.message.ErrorCode;
import io.refinery.message.JobResult;
import io.refinery.storage.ObjectRef;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code refinery clean} as its users see it. */
@StackTest
class CleanCommandIT {

  private static final String AGE = "refinery.cleaning.age=PT0.001S";
  private static final String ORPHAN = "refined/orphan-0123456789abcdef.h5";

  @TempDir Path folder;
  private final Stack stack;
  private Commands commands;
  private Connections connections;

  CleanCommandIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void start() {
    commands = new Commands(stack, folder.resolve("home"));
    connections = commands.connect();
  }

  @AfterEach
  void stop() {
    connections.close();
  }

  @Test
  void cleanListsWhatItWouldRemoveThenRemovesItAndLeavesTheRest() {
    ObjectRef input = ref("bundles/input.h5");
    connections.storage().put(input, new byte[3]);
    connections.storage().put(ref("results/orphan.json"), failed("orphan").toJson());
    connections.storage().put(ref(ORPHAN), new byte[3]);

    assertThat(clean().out()).isEqualToIgnoringNewLines("0 removed");
    // The store dates objects by the second.
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> clean("--dry-run", "--set", AGE).out().contains(ORPHAN));
    assertThat(clean("--dry-run", "--set", AGE).out())
        .contains("no result names this refined bundle", "1 to remove");
    assertThat(exists(ORPHAN)).isTrue();

    Answer removed = clean("--set", AGE);

    assertThat(removed.code()).as(removed.err()).isZero();
    assertThat(removed.out()).contains(ORPHAN, "1 removed");
    assertThat(exists(ORPHAN)).isFalse();
    assertThat(connections.storage().find(input)).isPresent();
    assertThat(exists("results/orphan.json")).isTrue();
    assertThat(clean("--set", AGE).out()).isEqualToIgnoringNewLines("0 removed");
  }

  @Test
  void anAgeThatWouldTakeWhatIsInUseIsRefused() {
    Answer refused = clean("--set", "refinery.cleaning.age=PT0S");

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("refinery.cleaning.age", "a time above zero");
  }

  private Answer clean(String... options) {
    String[] command = new String[options.length + 1];
    command[0] = "clean";
    System.arraycopy(options, 0, command, 1, options.length);
    return commands.refinery(command);
  }

  private static JobResult failed(String id) {
    return new JobResult.Failed(
        id, ErrorCode.NO_IMAGES, "So.", Instant.now(), Optional.empty(), Optional.empty());
  }

  private boolean exists(String key) {
    return connections.storage().find(ref(key)).isPresent();
  }

  private ObjectRef ref(String key) {
    return new ObjectRef(connections.bucket(), key);
  }
}
