package io.refinery.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A message that stops a training, on {@code refinery.trainings.control}, keyed by its id. It
 * applies only to earlier requests with that id: a later one starts the training again.
 */
@JsonPropertyOrder({"schema", "id"})
public record TrainingControl(String id, Action action) {

  public static final String SCHEMA = "refinery.training-control/1";

  private static final int MAX_BYTES = 64 << 10;

  /** What to do with the training. */
  public enum Action {
    /** End it and publish nothing. */
    CANCEL,
    /** Save a checkpoint, from which a later request with the same id resumes. */
    PAUSE;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static Action parse(String text) {
      return Arrays.stream(values())
          .filter(action -> action.toString().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "The field 'action' must be cancel or pause, not '" + text + "'"));
    }
  }

  public TrainingControl {
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
   * @throws IllegalArgumentException naming the field that is wrong
   */
  public static TrainingControl parse(Optional<String> key, byte[] value) {
    ParsedMessage<TrainingControl> parsed =
        new RequestReader<>(SCHEMA, MAX_BYTES, TrainingControl::fromFields).read(key, value);
    if (parsed instanceof ParsedMessage.Rejected<TrainingControl> rejected) {
      throw new IllegalArgumentException(rejected.message());
    }
    return ((ParsedMessage.Accepted<TrainingControl>) parsed).request();
  }

  private static TrainingControl fromFields(JsonNode json, Optional<String> key) {
    return new TrainingControl(
        JsonFields.text(json, "id").or(() -> key).orElseThrow(() -> missing("id")),
        Action.parse(JsonFields.text(json, "action").orElseThrow(() -> missing("action"))));
  }

  private static IllegalArgumentException missing(String field) {
    return new IllegalArgumentException("The message has no field '" + field + "'");
  }
}
