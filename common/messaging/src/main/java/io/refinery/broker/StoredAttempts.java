package io.refinery.broker;

import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import io.refinery.storage.StorageException.Kind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers of deliveries in object storage: one small object under {@code attempts/} for each record
 * in hand, removed when the record ends.
 */
public final class StoredAttempts implements Attempts {

  private static final Logger log = LoggerFactory.getLogger(StoredAttempts.class);

  /** What the keys of its objects begin with. */
  public static final String PREFIX = "attempts/";

  /** A decimal number; anything longer was not written here. */
  private static final int MOST_BYTES = 16;

  private final ObjectStorage storage;
  private final String bucket;
  private final String folder;

  private StoredAttempts(ObjectStorage storage, String bucket, String folder) {
    this.storage = storage;
    this.bucket = bucket;
    this.folder = folder;
  }

  /**
   * Returns the numbers of a group, after a test that they can be written unless the store is away.
   *
   * @param storage not closed by this class
   * @throws StorageException when the store refuses
   */
  public static StoredAttempts of(ObjectStorage storage, String bucket, String group) {
    String folder = PREFIX + URLEncoder.encode(group, StandardCharsets.UTF_8) + "/";
    StoredAttempts attempts = new StoredAttempts(storage, bucket, folder);
    ObjectRef test = new ObjectRef(bucket, folder + "test");
    try {
      attempts.put(test, 0);
      storage.delete(test);
    } catch (StorageException e) {
      if (!Outages.isOutage(e)) {
        throw e;
      }
      log.warn("Numbers of deliveries cannot be stored yet", e);
    }
    return attempts;
  }

  @Override
  public int begin(ConsumerRecord<?, ?> record) {
    int number = earlier(ref(record)) + 1;
    put(ref(record), number);
    return number;
  }

  @Override
  public void giveBack(ConsumerRecord<?, ?> record, int number) {
    if (number > 1) {
      put(ref(record), number - 1);
    } else {
      storage.delete(ref(record));
    }
  }

  @Override
  public void end(ConsumerRecord<?, ?> record) {
    storage.delete(ref(record));
  }

  private int earlier(ObjectRef ref) {
    try {
      String number =
          new String(storage.read(ref, MOST_BYTES).bytes(), StandardCharsets.US_ASCII).strip();
      return Math.min(Short.MAX_VALUE - 1, Math.max(0, Integer.parseInt(number)));
    } catch (NumberFormatException e) {
      return 0;
    } catch (StorageException e) {
      if (e.kind() == Kind.NOT_FOUND || e.kind() == Kind.TOO_LARGE) {
        return 0;
      }
      throw e;
    }
  }

  private void put(ObjectRef ref, int number) {
    storage.put(ref, Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Contains the time as well, because a topic that is deleted and created again reuses offsets.
   */
  private ObjectRef ref(ConsumerRecord<?, ?> record) {
    return new ObjectRef(
        bucket,
        "%s%s-%d-%d-%d"
            .formatted(
                folder, record.topic(), record.partition(), record.offset(), record.timestamp()));
  }
}
