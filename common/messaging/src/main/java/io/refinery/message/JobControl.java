package io.refinery.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;

/**
 * A message that ends a job, on {@code refinery.jobs.control}, keyed by the job's id. It applies to
 * the id, whether the job was sent earlier, is sent later, or never.
 */
@JsonPropertyOrder({"schema", "id"})
public record JobControl(String id, Action action) {

  public static final String SCHEMA = "refinery.job-control/1";

  private static final int MAX_BYTES = 64 << 10;

  /** What to do with the job. */
  public enum Action {
    /** End it without a refined bundle, unless it has already ended. */
    CANCEL;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static Action parse(String text) {
      if (!text.equals(CANCEL.toString())) {
        throw new IllegalArgumentException("The field 'action' must be cancel, not '" + text + "'");
      }
      return CANCEL;
    }
  }

  public JobControl {
    if (!Job.isId(id)) {
      throw new IllegalArgumentException(
          "The field 'id' must be 1 to 128 of A-Z a-z 0-9 . _ -, not '" + id + "'");
    }
  }

  @JsonProperty
  public String schema() {
    return SCHEMA;
  }

  public byte[] toJson() {
    return MessageJson.write(this);
  }

  /**
   * Reads a message that people may have written by hand.
   *
   * @param key the record's key, which replaces a missing id
   * @param value the record's value, which may be anything
   */
  public static ParsedMessage<JobControl> read(Optional<String> key, byte[] value) {
    return new RequestReader<>(SCHEMA, MAX_BYTES, JobControl::fromFields).read(key, value);
  }

  private static JobControl fromFields(JsonNode json, Optional<String> key) {
    return new JobControl(
        JsonFields.text(json, "id").or(() -> key).orElseThrow(() -> missing("id")),
        Action.parse(JsonFields.text(json, "action").orElseThrow(() -> missing("action"))));
  }

  private static IllegalArgumentException missing(String field) {
    return new IllegalArgumentException("The message has no field '" + field + "'");
  }
}
