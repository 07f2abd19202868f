package io.refinery.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.console.Commands.Answer;
import io.refinery.console.connection.Connections;
import io.refinery.console.models.ShippedModel;
import io.refinery.console.work.WorkerFactory;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import io.refinery.worker.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code refinery status} as its users see it; the profile {@code brokers} runs it on a broker
 * without share groups.
 */
@StackTest
class StatusCommandIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;
  private final Stack stack;
  private Commands commands;
  private Connections connections;

  StatusCommandIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void start() throws Exception {
    commands = new Commands(stack, folder.resolve("home"));
    connections = commands.connect();
    ShippedModel.publishWhereMissing(connections.registry(), connections.channelMover());
  }

  @AfterEach
  void stop() {
    connections.close();
  }

  @Test
  void statusCountsTheJobsThatWaitAndNamesTheWorkersThatTakeThem() {
    Path eyes = Commands.simulate(folder.resolve("eyes.h5"), 4);
    String first = submit(eyes);
    String second = submit(eyes);

    assertThat(status()).contains("workers  none", "waiting  2 jobs", "stable is version 1");

    try (Worker worker = WorkerFactory.start(connections)) {
      await().atMost(PATIENCE).until(() -> status().contains("waiting  0 jobs"));
      assertThat(status()).contains("workers  1", worker.name());
      assertThat(commands.refinery("status", first).code()).isZero();
      assertThat(commands.refinery("status", second).code()).isZero();
    }
    await().atMost(PATIENCE).until(() -> status().contains("workers  none"));
  }

  private String submit(Path eyes) {
    String id = "job-" + UUID.randomUUID();
    Answer answer = commands.refinery("submit", eyes.toString(), "--id", id);
    assertThat(answer.code()).as(answer.err()).isZero();
    return id;
  }

  private String status() {
    Answer answer = commands.refinery("status");
    assertThat(answer.code()).as(answer.err()).isZero();
    return answer.out();
  }
}
