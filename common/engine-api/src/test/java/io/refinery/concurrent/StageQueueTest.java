package io.refinery.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StageQueueTest {

  private final StageQueue<String> handoff = new StageQueue<>(2);

  @Test
  void itemsArriveInOrderFollowedByTheEnd() throws Exception {
    handoff.put("first");
    handoff.put("second");
    handoff.end();

    assertThat(handoff.take()).contains("first");
    assertThat(handoff.take()).contains("second");
    assertThat(handoff.take()).isEmpty();
  }

  @Test
  void aFullQueueBlocksTheSenderUntilThereIsRoom() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    CompletableFuture<Void> sender =
        CompletableFuture.runAsync(
            () -> {
              try {
                for (int i = 0; i < 3; i++) {
                  handoff.put("item " + i);
                  sent.incrementAndGet();
                }
              } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
              }
            });
    await().until(() -> sent.get() == 2);
    assertThat(sender).isNotDone();

    assertThat(handoff.take()).contains("item 0");

    await().untilAsserted(() -> assertThat(sender).isCompleted());
  }

  @Test
  void aFailureReachesBothSidesAheadOfWaitingItems() throws Exception {
    handoff.put("waiting");
    IOException trouble = new IOException("disk full");
    handoff.fail(trouble);
    handoff.fail(new IllegalStateException("later"));

    assertThatThrownBy(handoff::take).hasCause(trouble);
    assertThatThrownBy(() -> handoff.put("more")).hasCause(trouble);
  }
}
