package io.refinery.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.refinery.registry.ModelVersion;
import java.time.Instant;

/**
 * A channel was moved, on {@code refinery.models}, keyed by {@link #key}. It is only the bell: what
 * a channel points to is read from storage.
 *
 * @param channel such as {@code stable}
 * @param model the version it points to now
 * @param manifestSha256 of that version's manifest
 */
@JsonPropertyOrder({"schema"})
public record ModelEvent(String channel, ModelVersion model, String manifestSha256, Instant at) {

  public static final String SCHEMA = "refinery.channel-move/1";

  /** The record's key, such as {@code eyes@stable}. */
  public String key() {
    return model.name() + "@" + channel;
  }

  @JsonProperty
  public String schema() {
    return SCHEMA;
  }

  public byte[] toJson() {
    return MessageJson.write(this);
  }

  /**
   * @throws IllegalArgumentException when it is no move of a channel
   */
  public static ModelEvent parse(byte[] json) {
    return MessageJson.read(json, ModelEvent.class);
  }
}
