package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpinningQueueTest {

  private static final Runnable TASK = new FutureTask<>(() -> null);

  private final SpinningQueue queue = new SpinningQueue();
  private final CompletableFuture<Runnable> taken = new CompletableFuture<>();
  private final Thread consumer = new Thread(this::take);

  private void take() {
    try {
      taken.complete(queue.take());
    } catch (InterruptedException e) {
      taken.completeExceptionally(e);
    }
  }

  @AfterEach
  void stopTheConsumer() {
    consumer.interrupt();
  }

  @Test
  void aQueuedTaskIsTakenImmediately() throws Exception {
    queue.add(TASK);

    assertThat(queue.take()).isSameAs(TASK);
    assertThat(queue).isEmpty();
  }

  @Test
  void aTaskWakesABlockedConsumer() throws Exception {
    consumer.start();
    Awaitility.await().until(() -> consumer.getState() == Thread.State.WAITING);

    queue.add(TASK);

    assertThat(taken.get(1, TimeUnit.MINUTES)).isSameAs(TASK);
  }

  @Test
  void anInterruptStopsAWaitingConsumer() {
    consumer.start();
    consumer.interrupt();

    assertThatThrownBy(() -> taken.get(1, TimeUnit.MINUTES))
        .hasCauseInstanceOf(InterruptedException.class);
  }
}
