package io.refinery.message;

import java.util.Optional;

/** What a message on {@code refinery.jobs} turned out to be. */
public sealed interface JobMessage {

  /** A job. */
  record Accepted(Job job) implements JobMessage {}

  /**
   * No job, and why.
   *
   * @param jobId where it could be read
   * @param message one sentence for whoever sent it
   */
  record Rejected(Optional<String> jobId, ErrorCode code, String message) implements JobMessage {}

  /**
   * Reads a message. Unknown fields are ignored; {@code schema} may be left out, and {@code id}
   * where the record's key is the id.
   *
   * @param key of the record, empty where it has none
   * @param value of the record, of any content
   */
  static JobMessage read(Optional<String> key, byte[] value) {
    return new TypedMessage<JobMessage>(
            Job.SCHEMA, json -> new Accepted(JobFields.job(json, key)), Rejected::new)
        .read(key, value);
  }
}
