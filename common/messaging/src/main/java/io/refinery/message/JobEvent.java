package io.refinery.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A job's progress, on {@code refinery.events}, keyed by the job's id. It is informative only:
 * unlike results, events may be lost or repeated.
 *
 * @param worker the worker that reports it
 * @param images number of images refined so far
 * @param of number of images in the bundle, once known
 * @param detail one sentence, if there is something to add
 */
@JsonPropertyOrder({"schema", "jobId"})
public record JobEvent(
    String jobId,
    State state,
    Instant at,
    String worker,
    long images,
    Optional<Long> of,
    Optional<String> detail) {

  public static final String SCHEMA = "refinery.job-event/1";

  public JobEvent {
    detail = detail.map(Excerpt::of);
  }

  /** The state of a job. */
  public enum State {
    /** A worker has it. */
    ACCEPTED,
    REFINING,
    SUCCEEDED,
    FAILED,
    /** Released for another try. */
    RELEASED,
    /** A second message with the id of this job, but for something else, was refused. */
    REFUSED;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
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
   * @throws IllegalArgumentException when the message is not a job event
   */
  public static JobEvent parse(byte[] json) {
    return MessageJson.read(json, JobEvent.class);
  }
}
