package io.refinery.broker;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaFuture;

/** Waits for a broker's answers at startup. */
final class Answers {

  private Answers() {}

  /**
   * Returns the answer.
   *
   * @param trouble what failed, for the exception's message
   * @throws IllegalStateException when the broker refuses or does not answer; its cause is the
   *     broker's error
   */
  static <T> T await(KafkaFuture<T> future, String trouble) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(trouble + ": " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(trouble + ": interrupted", e);
    }
  }
}
