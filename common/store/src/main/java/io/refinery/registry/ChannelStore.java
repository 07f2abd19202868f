package io.refinery.registry;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.refinery.json.Json;
import io.refinery.storage.ObjectContent;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import io.refinery.storage.StoredObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Stores the pointers of channels and moves them by compare-and-set. */
final class ChannelStore {

  /** Enough for {@value ChannelPointer#KEPT} moves of maximum length. */
  private static final long POINTER_BYTES = 1L << 20;

  private static final RetryPolicy<Attempt> WHILE_OTHERS_MOVE_IT =
      RetryPolicy.<Attempt>builder()
          .handleResultIf(attempt -> !attempt.settled())
          .abortOn(RuntimeException.class)
          .withBackoff(Duration.ofMillis(10), Duration.ofMillis(500))
          .withJitter(0.5)
          .withMaxRetries(-1)
          .withMaxDuration(Duration.ofMinutes(1))
          .build();

  private final ObjectStorage storage;
  private final RegistryLayout layout;
  private final Clock clock;

  ChannelStore(ObjectStorage storage, RegistryLayout layout, Clock clock) {
    this.storage = storage;
    this.layout = layout;
    this.clock = clock;
  }

  /**
   * @param settled false if another process moved the channel in the meantime
   * @param pointer the new pointer; empty if the channel stays
   */
  private record Attempt(boolean settled, Optional<ChannelPointer> pointer) {}

  /**
   * Moves a channel to the version that {@code target} chooses, given the current pointer. Retries
   * if others move the channel concurrently.
   *
   * @param target returns empty to leave the channel where it is
   * @return the new pointer; empty if the channel stays
   */
  Optional<ChannelPointer> move(
      String model,
      String channel,
      MoveReason move,
      Function<Optional<ChannelPointer>, Optional<ResolvedModel>> target) {
    ObjectRef ref = layout.channel(model, channel);
    Attempt last = Failsafe.with(WHILE_OTHERS_MOVE_IT).get(() -> attempt(ref, move, target));
    if (!last.settled()) {
      throw new StorageException(
          StorageException.Kind.UNAVAILABLE,
          "Other processes kept moving " + ref + " for a minute: try again");
    }
    return last.pointer();
  }

  private Attempt attempt(
      ObjectRef ref,
      MoveReason move,
      Function<Optional<ChannelPointer>, Optional<ResolvedModel>> target) {
    Optional<ObjectContent> before = RegistryReads.ifThere(storage, ref, POINTER_BYTES);
    Optional<ChannelPointer> present = before.map(content -> parse(ref, content.bytes()));
    Optional<ResolvedModel> wanted = target.apply(present);
    if (wanted.isEmpty()) {
      return new Attempt(true, Optional.empty());
    }
    ChannelPointer pointer = ChannelPointer.next(present, wanted.get(), move, clock.instant());
    byte[] json = Json.write(pointer);
    Optional<StoredObject> written =
        before.isPresent()
            ? storage.replace(ref, json, before.get().etag())
            : storage.putIfAbsent(ref, json);
    return new Attempt(written.isPresent(), Optional.of(pointer));
  }

  Optional<ChannelPointer> pointer(String model, String channel) {
    ObjectRef ref = layout.channel(model, channel);
    return RegistryReads.ifThere(storage, ref, POINTER_BYTES)
        .map(content -> parse(ref, content.bytes()));
  }

  List<String> names(String model) {
    ModelReference.requireName(model);
    return storage.list(layout.bucket(), layout.model(model) + "channels/").stream()
        .flatMap(object -> layout.channelOf(model, object.ref()).stream())
        .toList();
  }

  /**
   * @throws CorruptModelException when the bytes are not a channel's pointer
   */
  static ChannelPointer parse(ObjectRef ref, byte[] json) {
    try {
      return Json.mapper().readValue(json, ChannelPointer.class);
    } catch (IOException e) {
      throw new CorruptModelException(ref + " is not a valid channel pointer: " + e, e);
    }
  }
}
