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
 * A move of a channel, on {@code refinery.models} and {@code refinery.events}, keyed by {@link
 * #key}. It is only a notification: readers look up the channel's version in storage.
 *
 * @param channel the channel, such as {@code stable}
 * @param model the version it points to now
 * @param manifestSha256 of that version's manifest
 * @param from the version it pointed to before, if any
 * @param cause the cause of the move; moves by older releases lack cause, author and reason
 * @param by the person or program that moved it, such as {@code anna@lab-3}
 * @param reason the reason, if one was given
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

  /** Returns the latest move of a channel. */
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

  /** Returns the record's key, such as {@code eyes@stable}. */
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
   * @throws IllegalArgumentException when the message is not a move of a channel
   */
  public static ChannelMoveEvent parse(byte[] json) {
    return MessageJson.read(json, ChannelMoveEvent.class);
  }
}
