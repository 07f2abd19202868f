package io.refinery.trainer.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.json.Json;
import io.refinery.message.TrainingMessage;
import io.refinery.message.TrainingRequest;
import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import io.refinery.storage.ObjectContent;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import io.refinery.storage.StorageException.Kind;
import io.refinery.trainer.checkpoint.Checkpoints;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What object storage knows of trainings, under {@code trainings/<id>/}: the last order, where the
 * training stands, and its outcome. The outcome is written once, and makes the training over.
 */
public final class TrainingStateStore {

  private static final String PREFIX = "trainings/";
  private static final String ORDER = "order.json";
  private static final String STATE = "state.json";
  private static final String OUTCOME = "outcome.json";
  private static final Pattern ID = Pattern.compile(PREFIX + "([^/]+)/" + ORDER);
  private static final long LARGEST = 1 << 20;

  private final ObjectStorage storage;
  private final String bucket;

  /**
   * @param storage stays the caller's
   */
  public TrainingStateStore(ObjectStorage storage, String bucket) {
    this.storage = storage;
    this.bucket = bucket;
  }

  /**
   * An order as it lies in storage.
   *
   * @param at when it came to the topic
   */
  private record Kept(Instant at, JsonNode order) {}

  /** Every training that was ever asked for, by id. */
  public List<String> ids() {
    return storage.list(bucket, PREFIX).stream()
        .map(object -> ID.matcher(object.ref().key()))
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .toList();
  }

  /** The last order of a training. */
  public Optional<TrainingRequest> order(String id) {
    return kept(id)
        .flatMap(
            kept ->
                TrainingMessage.read(Optional.of(id), Json.write(kept.order()))
                        instanceof TrainingMessage.Accepted accepted
                    ? Optional.of(accepted.order())
                    : Optional.empty());
  }

  /** Where a training stands: its outcome, or the last that was heard of it. */
  public Optional<TrainingUpdate> state(String id) {
    Optional<TrainingUpdate> outcome = outcome(id);
    if (outcome.isPresent()) {
      return outcome;
    }
    Optional<TrainingUpdate> state = read(id, STATE, TrainingUpdate::parse);
    Optional<Kept> order = kept(id);
    boolean waits =
        order.isPresent()
            && state.filter(notice -> !notice.at().isBefore(order.get().at())).isEmpty();
    return waits ? Optional.of(queued(id, order.get(), state)) : state;
  }

  private TrainingUpdate queued(String id, Kept order, Optional<TrainingUpdate> before) {
    return new TrainingUpdate(
        id,
        State.QUEUED,
        order.at(),
        Optional.ofNullable(order.order().path("model").textValue()),
        "",
        before.flatMap(TrainingUpdate::step),
        Optional.empty(),
        null,
        Optional.empty());
  }

  /** Where a training stands that is paused, and was not asked for again until {@code until}. */
  Optional<TrainingUpdate> paused(String id, Instant until) {
    boolean open = outcome(id).isEmpty();
    boolean asked = kept(id).filter(order -> order.at().isAfter(until)).isPresent();
    return read(id, STATE, TrainingUpdate::parse)
        .filter(state -> open && !asked && state.state() == State.PAUSED);
  }

  /** How a training ended, where it is over. */
  public Optional<TrainingUpdate> outcome(String id) {
    return read(id, OUTCOME, TrainingUpdate::parse);
  }

  /**
   * Ends a training.
   *
   * @return the outcome that stands: {@code mine}, or that of whoever was first
   */
  TrainingUpdate claim(TrainingUpdate mine) {
    ObjectRef ref = ref(mine.trainingId(), OUTCOME);
    if (storage.putIfAbsent(ref, mine.toJson()).isPresent()) {
      return mine;
    }
    return outcome(mine.trainingId())
        .orElseThrow(
            () ->
                new StorageException(
                    Kind.UNAVAILABLE,
                    ref + " is there and not there; the store is not consistent"));
  }

  void keep(TrainingRequest order, Instant at) {
    try {
      storage.put(
          ref(order.id(), ORDER), Json.write(new Kept(at, Json.mapper().readTree(order.toJson()))));
    } catch (IOException e) {
      throw new IllegalStateException("An order was not written as JSON: " + order, e);
    }
  }

  void keep(TrainingUpdate state) {
    storage.put(ref(state.trainingId(), STATE), state.toJson());
  }

  void clearCheckpoints(String id) {
    new Checkpoints(storage, bucket, id).clear();
  }

  private Optional<Kept> kept(String id) {
    return read(
        id,
        ORDER,
        json -> {
          try {
            return Json.mapper().readValue(json, Kept.class);
          } catch (IOException e) {
            throw new IllegalStateException(ref(id, ORDER) + " is no order: " + e.getMessage(), e);
          }
        });
  }

  private <T> Optional<T> read(String id, String name, Function<byte[], T> parse) {
    try {
      ObjectContent content = storage.read(ref(id, name), LARGEST);
      return Optional.of(parse.apply(content.bytes()));
    } catch (StorageException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private ObjectRef ref(String id, String name) {
    return new ObjectRef(bucket, PREFIX + id + "/" + name);
  }
}
