package io.refinery.worker;

import static io.refinery.worker.WorkerFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.refinery.storage.ObjectRef;
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
class FailedWorkerStartIT {

  private static final String NAME = "unlucky";

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;

  FailedWorkerStartIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() {
    fixture = new WorkerFixture(stack, folder);
  }

  @AfterEach
  void tidy() {
    fixture.close();
  }

  @Test
  void aWorkerWhoseStatusPortIsTakenLeavesNothingBehindAndAnotherGetsTheJob() throws Exception {
    fixture.publishStable(1);
    ObjectRef input = fixture.upload(fixture.bundle(9));
    String job = fixture.submit("one", input, fixture.model);
    Set<Thread> before = Thread.getAllStackTraces().keySet();

    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      WorkerConfig config =
          at(fixture.config(NAME), (InetSocketAddress) taken.getLocalSocketAddress());
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> fixture.start(config).close())
          .withMessageContaining(Integer.toString(taken.getLocalPort()));
    }

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(added(before)).isEmpty());
    try (Worker worker = fixture.start(fixture.config("lucky"))) {
      assertThat(fixture.success(job).images()).isEqualTo(9);
      assertThat(worker.metrics()).contains("refinery_images_total 9.0");
    }
  }

  /** Names of a worker's threads that were not there. */
  private static List<String> added(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(name -> name.startsWith("refinery-") || name.contains(NAME))
        .toList();
  }

  private static WorkerConfig at(WorkerConfig config, InetSocketAddress status) {
    return new WorkerConfig(
        config.name(),
        config.broker(),
        config.delivery(),
        config.timeLimits(),
        config.bucket(),
        config.allowedBuckets(),
        config.limits(),
        config.batchSize(),
        config.engine(),
        config.device(),
        config.precision(),
        config.engineOptions(),
        config.models(),
        config.workFolder(),
        Optional.of(status));
  }
}
