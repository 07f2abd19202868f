package io.refinery.trainer.service;

import static io.refinery.trainer.service.TrainerFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.refinery.message.TrainingUpdate.State;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@StackTest
class FailedTrainerStartIT {

  private static final String NAME = "unlucky";

  @TempDir Path folder;
  private final Stack stack;
  private TrainerFixture fixture;

  FailedTrainerStartIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() throws Exception {
    fixture = new TrainerFixture(stack, folder);
  }

  @AfterEach
  void tidy() {
    fixture.close();
  }

  @Test
  void aTrainerWhoseStatusPortIsTakenLeavesNothingBehindAndAnotherGetsTheTraining()
      throws Exception {
    String training = fixture.submit(fixture.order("one", 6, 0));
    Set<Thread> before = Thread.getAllStackTraces().keySet();

    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TrainerConfig config =
          at(fixture.config(NAME), (InetSocketAddress) taken.getLocalSocketAddress());
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> TrainerService.start(config, fixture.storage).close())
          .withMessageContaining(Integer.toString(taken.getLocalPort()));
    }

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(added(before)).isEmpty());
    try (TrainerService trainer = fixture.start("lucky")) {
      assertThat(fixture.awaitTold(training, State.PUBLISHED).trainer()).isEqualTo(trainer.name());
    }
  }

  /** Names of a trainer's threads that were not there. */
  private static List<String> added(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(name -> name.startsWith("refinery-") || name.contains(NAME))
        .toList();
  }

  private static TrainerConfig at(TrainerConfig config, InetSocketAddress status) {
    return new TrainerConfig(
        config.name(),
        config.broker(),
        config.group(),
        config.retryDelay(),
        config.bucket(),
        config.allowedBuckets(),
        config.engine(),
        config.device(),
        config.engineOptions(),
        config.gate(),
        config.workFolder(),
        Optional.of(status));
  }
}
