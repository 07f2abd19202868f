package io.refinery.trainer.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.json.Json;
import io.refinery.message.ParsedMessage;
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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of trainings in object storage, under {@code trainings/<id>/}: the last request, the
 * training's state, and its outcome. The outcome is written once and ends the training.
 *
 * <p>An invalid object is skipped with a warning if it is only informative. An outcome that cannot
 * be read counts as a failed one, since no other can be written.
 */
public final class TrainingStateStore {

  private static final Logger log = LoggerFactory.getLogger(TrainingStateStore.class);

  private static final String PREFIX = "trainings/";
  private static final String REQUEST = "order.json";
  private static final String STATE = "state.json";
  private static final String OUTCOME = "outcome.json";
  private static final Pattern ID = Pattern.compile(PREFIX + "([^/]+)/" + REQUEST);
  private static final long LARGEST = 1 << 20;

  private final ObjectStorage storage;
  private final String bucket;

  /**
   * @param storage not closed by this class
   */
  public TrainingStateStore(ObjectStorage storage, String bucket) {
    this.storage = storage;
    this.bucket = bucket;
  }

  /**
   * A stored request.
   *
   * @param at when the request was appended to the topic
   */
  private record Stored(Instant at, JsonNode order) {
    Stored {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(order, "order");
    }
  }

  /** Returns the ids of all trainings ever requested. */
  public List<String> ids() {
    return storage.list(bucket, PREFIX).stream()
        .map(object -> ID.matcher(object.ref().key()))
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .toList();
  }

  /** Returns the last request of a training. */
  public Optional<TrainingRequest> request(String id) {
    return stored(id)
        .flatMap(
            stored ->
                TrainingRequest.read(Optional.of(id), Json.write(stored.order()))
                        instanceof ParsedMessage.Accepted<TrainingRequest> accepted
                    ? Optional.of(accepted.request())
                    : Optional.empty());
  }

  /** Returns the state of a training: its outcome, or its last update. */
  public Optional<TrainingUpdate> state(String id) {
    Optional<TrainingUpdate> outcome = outcome(id);
    if (outcome.isPresent()) {
      return outcome;
    }
    Optional<TrainingUpdate> state = read(id, STATE, TrainingUpdate::parse);
    Optional<Stored> request = stored(id);
    boolean waits =
        request.isPresent()
            && state.filter(update -> !update.at().isBefore(request.get().at())).isEmpty();
    return waits ? Optional.of(queued(id, request.get(), state)) : state;
  }

  private TrainingUpdate queued(String id, Stored request, Optional<TrainingUpdate> before) {
    return new TrainingUpdate(
        id,
        State.QUEUED,
        request.at(),
        Optional.ofNullable(request.order().path("model").textValue()),
        "",
        before.flatMap(TrainingUpdate::step),
        Optional.empty(),
        null,
        Optional.empty());
  }

  /**
   * Returns the state of a training that is paused and was not requested again by {@code until}.
   */
  Optional<TrainingUpdate> paused(String id, Instant until) {
    Optional<TrainingUpdate> state =
        read(id, STATE, TrainingUpdate::parse).filter(last -> last.state() == State.PAUSED);
    return state.isEmpty()
            || outcome(id).isPresent()
            || stored(id).filter(request -> request.at().isAfter(until)).isPresent()
        ? Optional.empty()
        : state;
  }

  /** Returns how a training ended, if it has. */
  public Optional<TrainingUpdate> outcome(String id) {
    try {
      return content(id, OUTCOME)
          .map(content -> TrainingUpdate.parse(content.bytes()))
          .map(
              outcome ->
                  outcome.trainingId().equals(id) ? outcome : corrupt(id, "it has another id"));
    } catch (IllegalArgumentException e) {
      return Optional.of(corrupt(id, e.getMessage()));
    } catch (StorageException e) {
      if (e.kind() == Kind.TOO_LARGE) {
        return Optional.of(corrupt(id, e.getMessage()));
      }
      throw e;
    }
  }

  private TrainingUpdate corrupt(String id, String reason) {
    return new TrainingUpdate(
        id,
        State.FAILED,
        Instant.now(),
        Optional.empty(),
        "",
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.of(
            "The object %s is not the outcome of this training: %s. Delete it and request the training again."
                .formatted(ref(id, OUTCOME), reason)));
  }

  /**
   * Writes a training's outcome if it has none yet.
   *
   * @return the training's only outcome: {@code mine}, or the one that another trainer wrote first
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
                    ref + " exists on write but not on read; the store is not consistent"));
  }

  /**
   * Stores a request, unless its id already stands for another one.
   *
   * @return whether it is stored: it is the first with its id, or repeats the first
   */
  boolean keep(TrainingRequest request, Instant at) {
    byte[] stored;
    try {
      stored = Json.write(new Stored(at, Json.mapper().readTree(request.toJson())));
    } catch (IOException e) {
      throw new IllegalStateException("Cannot write a request as JSON: " + request, e);
    }
    ObjectRef ref = ref(request.id(), REQUEST);
    if (storage.putIfAbsent(ref, stored).isPresent()) {
      return true;
    }
    if (isAnother(request)) {
      return false;
    }
    storage.put(ref, stored);
    return true;
  }

  /** Returns whether the id of a request stands for a training that was requested otherwise. */
  public boolean isAnother(TrainingRequest request) {
    return request(request.id()).filter(first -> !first.equals(request)).isPresent();
  }

  void keep(TrainingUpdate state) {
    storage.put(ref(state.trainingId(), STATE), state.toJson());
  }

  void clearCheckpoints(String id) {
    new Checkpoints(storage, bucket, id).clear();
  }

  private Optional<Stored> stored(String id) {
    return read(
        id,
        REQUEST,
        json -> {
          try {
            return Json.mapper().readValue(json, Stored.class);
          } catch (IOException e) {
            throw new IllegalArgumentException("This is not a request: " + e.getMessage(), e);
          }
        });
  }

  private <T> Optional<T> read(String id, String name, Function<byte[], T> parse) {
    try {
      return content(id, name).map(content -> parse.apply(content.bytes()));
    } catch (IllegalArgumentException e) {
      log.warn("{} is skipped: {}", ref(id, name), e.getMessage());
    } catch (StorageException e) {
      if (e.kind() != Kind.TOO_LARGE) {
        throw e;
      }
      log.warn("{} is skipped: {}", ref(id, name), e.getMessage());
    }
    return Optional.empty();
  }

  private Optional<ObjectContent> content(String id, String name) {
    try {
      return Optional.of(storage.read(ref(id, name), LARGEST));
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
