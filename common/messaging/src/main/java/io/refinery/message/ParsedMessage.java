package io.refinery.message;

import java.util.Optional;

/**
 * The result of parsing a message.
 *
 * @param <T> what a valid message asks for
 */
public sealed interface ParsedMessage<T> {

  /** A valid request. */
  record Accepted<T>(T request) implements ParsedMessage<T> {}

  /**
   * A message that is not a valid request.
   *
   * @param id the request's id, if it could be read
   * @param message one sentence for the sender
   */
  record Rejected<T>(Optional<String> id, ErrorCode code, String message)
      implements ParsedMessage<T> {
    public Rejected {
      message = Excerpt.of(message);
    }
  }
}
