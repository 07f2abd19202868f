package io.refinery.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.refinery.registry.ChannelMove;
import io.refinery.registry.ChannelPointer;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.MoveReason;
import java.time.Instant;
import java.util.Optional;

/**
 * A channel was moved, on {@code refinery.models} and {@code refinery.events}, keyed by {@link
 * #key}. It is only the bell: what a channel points to is read from storage.
 *
 * @param channel such as {@code stable}
 * @param model the version it points to now
 * @param manifestSha256 of that version's manifest
 * @param from the version it pointed to before, if any
 * @param cause what led to the move; older releases told neither this nor who and why
 * @param by who or what moved it, such as {@code anna@lab-3}
 * @param reason for people, where one was given
 */
@JsonPropertyOrder({"schema"})
public record ChannelMoveEvent(
    String channel,
    ModelVersion model,
    String manifestSha256,
    Instant at,
    Optional<ModelVersion> from,
    Optional<MoveReason.Cause> cause,
    Optional<String> by,
    Optional<String> reason) {

  public static final String SCHEMA = "refinery.channel-move/1";

  /** The move that brought a channel where it points. */
  public static ChannelMoveEvent of(String model, String channel, ChannelPointer pointer) {
    Optional<ChannelMove> last = pointer.lastMove();
    return new ChannelMoveEvent(
        channel,
        new ModelVersion(model, pointer.version()),
        pointer.manifestSha256(),
        pointer.moved(),
        last.flatMap(ChannelMove::from).map(number -> new ModelVersion(model, number)),
        last.map(ChannelMove::cause),
        last.map(ChannelMove::by),
        last.map(ChannelMove::reason).filter(reason -> !reason.isEmpty()));
  }

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
  public static ChannelMoveEvent parse(byte[] json) {
    return MessageJson.read(json, ChannelMoveEvent.class);
  }
}
