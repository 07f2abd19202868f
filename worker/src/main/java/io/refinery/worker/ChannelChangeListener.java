package io.refinery.worker;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.WakeupException;

/** Waits for channels to move. It does not say where they point; storage does. */
interface ChannelChangeListener extends AutoCloseable {

  /** Waits at most {@code atMost} and returns whether a channel has moved. */
  boolean hasMoved(Duration atMost);

  /** Ends the current or next wait. May be called from any thread. */
  void wakeUp();

  @Override
  void close();

  /**
   * Listens to {@code refinery.models}.
   *
   * @param consumer closed by {@link #close}
   */
  static ChannelChangeListener of(Consumer<String, byte[]> consumer) {
    return new ChannelChangeListener() {
      @Override
      public boolean hasMoved(Duration atMost) {
        try {
          return !consumer.poll(atMost).isEmpty();
        } catch (WakeupException e) {
          return false;
        }
      }

      @Override
      public void wakeUp() {
        consumer.wakeup();
      }

      @Override
      public void close() {
        consumer.close();
      }
    };
  }
}
