package io.refinery.console.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.concurrent.Closer;
import io.refinery.concurrent.Uninterruptibles;
import io.refinery.engine.DeviceFailedException;
import io.refinery.testkit.JavaProgram;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TerminationTest {

  @Test
  void aLostDeviceIsReportedEvenIfTheWaitingThreadWakesBeforeTheFutureIsDone() {
    DeviceFailedException loss = new DeviceFailedException("lost", null);
    CompletableFuture<DeviceFailedException> lost = new WakesBeforeItIsDone<>();
    lost.complete(loss);
    try (Termination termination = Termination.expect()) {
      assertThatThrownBy(() -> termination.await(lost)).isSameAs(loss);
    }
  }

  @Test
  void theProcessEndsAfterALossEvenIfSomethingCannotBeClosed() throws Exception {
    Process process = JavaProgram.of(Hanging.class, "64m").start();
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isEqualTo(ErrorReporter.DEVICE_LOST);
    } finally {
      process.destroyForcibly();
    }
  }

  /** A program that loses its device while something cannot be closed. */
  static final class Hanging {
    private Hanging() {}

    public static void main(String[] arguments) throws InterruptedException {
      DeviceFailedException loss = new DeviceFailedException("lost", null);
      try (Termination termination = Termination.expect(Duration.ofMillis(100));
          Closer hanging = new Closer()) {
        hanging.add(() -> Uninterruptibles.uninterruptibly(new CountDownLatch(1)));
        termination.await(CompletableFuture.completedFuture(loss));
      }
    }
  }

  /** A future whose dependents run before their own futures are done. */
  private static final class WakesBeforeItIsDone<T> extends CompletableFuture<T> {
    @Override
    public CompletableFuture<Void> thenRun(Runnable action) {
      action.run();
      return new CompletableFuture<>();
    }
  }
}
