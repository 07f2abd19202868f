package io.refinery.console.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.engine.DeviceFailedException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TerminationTest {

  @Test
  void aLossIsThrownHoweverSoonWhoWaitsForItIsAwake() {
    DeviceFailedException loss = new DeviceFailedException("lost", null);
    CompletableFuture<DeviceFailedException> lost = new StillAtIt<>();
    lost.complete(loss);
    try (Termination termination = Termination.expect()) {
      assertThatThrownBy(() -> termination.await(lost)).isSameAs(loss);
    }
  }

  /** Those that it wakes are awake before it is done with waking them. */
  private static final class StillAtIt<T> extends CompletableFuture<T> {
    @Override
    public CompletableFuture<Void> thenRun(Runnable action) {
      action.run();
      return new CompletableFuture<>();
    }
  }
}
