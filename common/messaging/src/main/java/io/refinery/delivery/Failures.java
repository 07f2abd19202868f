package io.refinery.delivery;

import io.refinery.broker.Outages;
import io.refinery.message.Excerpt;
import io.refinery.storage.FullDisk;
import io.refinery.storage.StorageException;
import java.io.UncheckedIOException;

/** What the failure of a try says about the next try, and to the sender of the request. */
final class Failures {

  private Failures() {}

  /**
   * Returns whether the failure is about the request's own content, so that every retry fails in
   * the same way. A full disk, a lack of memory and anything unknown may pass.
   */
  static boolean isLasting(Throwable failure) {
    return failure instanceof IllegalArgumentException
        || failure instanceof UnsupportedOperationException
        || Outages.isAboutTheMessage(failure);
  }

  /** Returns what to say about a request that no process has brought to an end. */
  static String withoutResult(int deliveries) {
    return "Delivered %d times without a result. The processes that received it died, or lost the broker or the store; see their logs."
        .formatted(deliveries);
  }

  /** Returns what failed, in words that do not presume knowledge of the code if possible. */
  static String described(Throwable failure) {
    if (failure instanceof OutOfMemoryError) {
      return "This process ran out of memory: " + failure.getMessage();
    }
    if (FullDisk.caused(failure) && !FullDisk.isExplained(failure)) {
      return Excerpt.of("The disk of this process is full: " + failure.getMessage());
    }
    boolean isSentence =
        failure instanceof StorageException
            || failure instanceof UncheckedIOException
            || FullDisk.isExplained(failure);
    return Excerpt.of(
        isSentence && failure.getMessage() != null
            ? failure.getMessage()
            : failure.getClass().getSimpleName() + ": " + failure.getMessage());
  }
}
