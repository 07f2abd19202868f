package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchedQueueTest {

  private static final Runnable TASK = new FutureTask<>(() -> null);

  private final WatchedQueue queue = new WatchedQueue();
  private final CompletableFuture<Runnable> taken = new CompletableFuture<>();
  private final Thread taker = new Thread(this::take);

  private void take() {
    try {
      taken.complete(queue.take());
    } catch (InterruptedException e) {
      taken.completeExceptionally(e);
    }
  }

  @AfterEach
  void endTheTaker() {
    taker.interrupt();
  }

  @Test
  void whatIsThereIsTakenAtOnce() throws Exception {
    queue.add(TASK);

    assertThat(queue.take()).isSameAs(TASK);
    assertThat(queue).isEmpty();
  }

  @Test
  void aTakerThatSleepsByThenIsWokenByATask() throws Exception {
    taker.start();
    Awaitility.await().until(() -> taker.getState() == Thread.State.WAITING);

    queue.add(TASK);

    assertThat(taken.get(1, TimeUnit.MINUTES)).isSameAs(TASK);
  }

  @Test
  void anInterruptEndsATaker() {
    taker.start();
    taker.interrupt();

    assertThatThrownBy(() -> taken.get(1, TimeUnit.MINUTES))
        .hasCauseInstanceOf(InterruptedException.class);
  }
}
