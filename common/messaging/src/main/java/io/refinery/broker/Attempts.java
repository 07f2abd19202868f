package io.refinery.broker;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The number of deliveries of records, kept outside of the broker: offsets, unlike share groups,
 * carry none. Every method may throw {@link io.refinery.storage.StorageException}. Used by many
 * threads, each with its own record.
 */
public interface Attempts {

  /** Counts a delivery and returns its number, from 1, which survives this process. */
  int begin(ConsumerRecord<?, ?> record);

  /**
   * Takes a delivery back that ended with an orderly stop.
   *
   * @param number what {@link #begin} returned
   */
  void giveBack(ConsumerRecord<?, ?> record, int number);

  /** Forgets a record that has ended. */
  void end(ConsumerRecord<?, ?> record);
}
