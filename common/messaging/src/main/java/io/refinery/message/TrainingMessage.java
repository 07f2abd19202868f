package io.refinery.message;

import java.util.Optional;

/** What a message on {@code refinery.trainings} turned out to be. */
public sealed interface TrainingMessage {

  /** An order for a training. */
  record Accepted(TrainingRequest order) implements TrainingMessage {}

  /**
   * No order, and why.
   *
   * @param trainingId where it could be read
   * @param message one sentence for whoever sent it
   */
  record Rejected(Optional<String> trainingId, ErrorCode code, String message)
      implements TrainingMessage {}

  /**
   * Reads a message. Unknown fields are ignored; {@code schema} may be left out, and {@code id}
   * where the record's key is the id.
   *
   * @param key of the record, empty where it has none
   * @param value of the record, of any content
   */
  static TrainingMessage read(Optional<String> key, byte[] value) {
    return new TypedMessage<TrainingMessage>(
            TrainingRequest.SCHEMA,
            json -> new Accepted(TrainingFields.order(json, key)),
            Rejected::new)
        .read(key, value);
  }
}
