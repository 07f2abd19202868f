package io.refinery.broker;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Takes the records of a topic, on threads of its own, and has each processed to the end. */
public interface RecordProcessor extends AutoCloseable {

  /** Processes records. */
  interface Work {

    /**
     * Processes a record to the end; must not throw.
     *
     * @return ACCEPT, REJECT, or RELEASE to have it delivered again
     */
    AcknowledgeType run(ConsumerRecord<String, byte[]> record);

    /** Returns whether records may be taken; if not, other members of the group get them. */
    default boolean isReady() {
      return true;
    }

    /** Returns the acknowledgement of a record that arrives during a stop; must not throw. */
    AcknowledgeType decline(ConsumerRecord<String, byte[]> record);

    /** Runs a step for a record, whose log lines are labelled with the record. */
    default <T> T labelled(ConsumerRecord<String, byte[]> record, Supplier<T> step) {
      return step.get();
    }

    /** Called when the lock of a record has been renewed. */
    default void renewed() {}

    /** Called when the lock of a record was lost, so that another member may have the record. */
    default void lockLost() {}
  }

  RecordProcessor start();

  /** Returns whether it still takes records. */
  boolean isAlive();

  /** Stops taking records; the current work continues. */
  void takeNoMore();

  /** Waits for the current work and returns whether it ended within {@code grace}. */
  boolean finish(Duration grace) throws InterruptedException;

  /** Interrupts the current work and returns when it has ended and its records are given back. */
  @Override
  void close();
}
