package io.refinery.broker;

import io.refinery.storage.StorageException;
import java.util.Set;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Distinguishes outages from failures that recur with every retry of the same message. A message
 * that fails permanently must end; one that meets an outage must wait.
 */
public final class Outages {

  /** Errors about a message itself; all other errors are about the broker. */
  private static final Set<Class<? extends KafkaException>> OF_THE_MESSAGE =
      Set.of(
          RecordTooLargeException.class,
          RecordBatchTooLargeException.class,
          InvalidRecordException.class,
          SerializationException.class,
          InvalidTopicException.class);

  private Outages() {}

  /**
   * Returns whether the broker or store is unavailable, is full, refuses all requests, or sends
   * damaged bytes, so that a later retry may succeed.
   */
  public static boolean isOutage(Throwable failure) {
    if (failure instanceof StorageException storage) {
      return switch (storage.kind()) {
        case UNAVAILABLE, FULL, DAMAGED -> true;
        case NOT_FOUND, DENIED, TOO_LARGE -> false;
      };
    }
    return failure instanceof KafkaException && !isAboutTheMessage(failure);
  }

  /** Returns whether a failure may also be an outage that looks like a refusal of one request. */
  public static boolean mayBeOutage(Throwable failure) {
    return isOutage(failure)
        || (failure instanceof StorageException storage
            && storage.kind() != StorageException.Kind.TOO_LARGE);
  }

  /** Returns whether the broker refuses this particular message. */
  public static boolean isAboutTheMessage(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (OF_THE_MESSAGE.contains(cause.getClass())) {
        return true;
      }
    }
    return false;
  }
}
