package io.refinery.console.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.engine.DeviceFailedException;
import java.util.concurrent.CompletableFuture;
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

  /** A future whose dependents run before their own futures are done. */
  private static final class WakesBeforeItIsDone<T> extends CompletableFuture<T> {
    @Override
    public CompletableFuture<Void> thenRun(Runnable action) {
      action.run();
      return new CompletableFuture<>();
    }
  }
}
