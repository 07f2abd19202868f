package io.refinery.delivery;

import io.refinery.broker.Outages;
import io.refinery.message.Excerpt;
import io.refinery.storage.StorageException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

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

  /** Returns what failed, in words that do not presume knowledge of the code if possible. */
  static String described(Throwable failure) {
    if (failure instanceof OutOfMemoryError) {
      return "This process ran out of memory: " + failure.getMessage();
    }
    if (causes(failure).anyMatch(Failures::meansFullDisk)) {
      return Excerpt.of("The disk of this process is full: " + failure.getMessage());
    }
    boolean isSentence =
        failure instanceof StorageException || failure instanceof UncheckedIOException;
    return Excerpt.of(
        isSentence && failure.getMessage() != null
            ? failure.getMessage()
            : failure.getClass().getSimpleName() + ": " + failure.getMessage());
  }

  /** Java has no exception of its own for a full disk; these are the words of libc and Windows. */
  private static boolean meansFullDisk(Throwable cause) {
    String message = Objects.toString(cause.getMessage(), "").toLowerCase(Locale.ROOT);
    return message.contains("no space left on device")
        || message.contains("not enough space on the disk")
        || message.contains("disk quota exceeded");
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }
}
