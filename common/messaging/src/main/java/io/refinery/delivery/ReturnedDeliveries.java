package io.refinery.delivery;

import io.refinery.broker.BrokerCheck;
import io.refinery.broker.GroupRecordProcessor;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the deliveries of each message that ended in good order without a try, in objects named by
 * the message's position. A share group counts them like failed ones.
 */
public final class ReturnedDeliveries {

  private static final Logger log = LoggerFactory.getLogger(ReturnedDeliveries.class);

  /** What the keys of its objects begin with. */
  public static final String PREFIX = "returned/";

  private static final long MOST_BYTES = 16;

  private final Optional<ObjectStorage> storage;
  private final String bucket;

  ReturnedDeliveries(Optional<ObjectStorage> storage, String bucket) {
    this.storage = storage;
    this.bucket = bucket;
  }

  /**
   * Returns the counts for a broker. Without share groups there are none, since {@link
   * GroupRecordProcessor} counts deliveries itself.
   *
   * @param storage not closed by this class
   */
  public static ReturnedDeliveries of(BrokerCheck broker, ObjectStorage storage, String bucket) {
    return new ReturnedDeliveries(
        Optional.of(storage).filter(counts -> broker.hasShareGroups()), bucket);
  }

  /**
   * Returns the number of deliveries of a message that were given back.
   *
   * @throws StorageException when the store cannot be read
   */
  int of(ConsumerRecord<?, ?> message) {
    if (storage.isEmpty()) {
      return 0;
    }
    try {
      byte[] count = storage.get().read(ref(message), MOST_BYTES).bytes();
      return Integer.parseInt(new String(count, StandardCharsets.UTF_8));
    } catch (NumberFormatException e) {
      log.warn("{} is not a number; ignoring it", ref(message));
      return 0;
    } catch (StorageException e) {
      if (e.kind() == StorageException.Kind.NOT_FOUND) {
        return 0;
      }
      throw e;
    }
  }

  /**
   * Counts another one. Only the holder of the message's lock does.
   *
   * @throws StorageException when the store cannot be written
   */
  void add(ConsumerRecord<?, ?> message) {
    String count = Integer.toString(of(message) + 1);
    storage.ifPresent(store -> store.put(ref(message), count.getBytes(StandardCharsets.UTF_8)));
  }

  /** The time tells a message from one at the same offset of an earlier topic of this name. */
  private ObjectRef ref(ConsumerRecord<?, ?> message) {
    return new ObjectRef(
        bucket,
        PREFIX
            + "%s/%d/%d-%d"
                .formatted(
                    message.topic(), message.partition(), message.offset(), message.timestamp()));
  }
}
