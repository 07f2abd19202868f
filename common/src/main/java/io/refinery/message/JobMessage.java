package io.refinery.message;

import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.json.Json;
import java.io.IOException;
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
    Optional<String> id = key.filter(Job::isId);
    try {
      JsonNode json = Json.mapper().readTree(value);
      if (json == null || !json.isObject()) {
        return new Rejected(id, ErrorCode.BAD_MESSAGE, "The message is no JSON object.");
      }
      Optional<String> named = JobFields.text(json, "id").filter(Job::isId);
      id = named.isPresent() ? named : id;
      String schema = JobFields.text(json, "schema").orElse(Job.SCHEMA);
      if (!schema.equals(Job.SCHEMA)) {
        return new Rejected(
            id,
            ErrorCode.UNKNOWN_SCHEMA,
            "The schema '%s' is not known here, only %s.".formatted(schema, Job.SCHEMA));
      }
      return new Accepted(JobFields.job(json, key));
    } catch (IOException e) {
      return new Rejected(id, ErrorCode.BAD_MESSAGE, "The message is no JSON.");
    } catch (IllegalArgumentException e) {
      return new Rejected(id, ErrorCode.BAD_MESSAGE, e.getMessage() + ".");
    }
  }
}
