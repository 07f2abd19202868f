package io.refinery.worker;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;

/** Waits for channels to move; where they point now is read from storage. */
interface ChannelChangeListener extends AutoCloseable {

  /** Whether a channel has moved; returns at the latest after {@code atMost}. */
  boolean hasMoved(Duration atMost);

  @Override
  void close();

  /**
   * Listens to {@code refinery.models}.
   *
   * @param consumer closed with this
   */
  static ChannelChangeListener of(Consumer<String, byte[]> consumer) {
    return new ChannelChangeListener() {
      @Override
      public boolean hasMoved(Duration atMost) {
        return !consumer.poll(atMost).isEmpty();
      }

      @Override
      public void close() {
        consumer.close();
      }
    };
  }
}
