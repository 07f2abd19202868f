package io.refinery.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import io.refinery.json.Json;
import io.refinery.registry.ModelVersion;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A status update of a training, on {@code refinery.events}, keyed by its id. Updates may be lost
 * or repeated; the last one of a training that has ended is also kept in storage.
 *
 * @param model the model to train, if it could be read
 * @param trainer the process that reports the update
 * @param step the last completed step
 * @param version the published version
 * @param metrics the metrics of that version
 * @param detail one sentence, if there is something to add
 */
@JsonPropertyOrder({"schema", "trainingId", "state", "at"})
public record TrainingUpdate(
    String trainingId,
    State state,
    Instant at,
    Optional<String> model,
    String trainer,
    Optional<Step> step,
    Optional<ModelVersion> version,
    Map<String, Double> metrics,
    Optional<String> detail) {

  public static final String SCHEMA = "refinery.training-event/1";

  /** The state of a training. */
  public enum State {
    /** The request waits for a trainer. */
    QUEUED,
    /** A trainer has started or resumed it. */
    STARTED,
    PRE_TRAINING,
    TRAINING,
    /** A checkpoint is in storage. */
    CHECKPOINT,
    EVALUATING,
    /** A guard found something; the training continues. */
    WARNING,
    /** A second request with this id, but for something else, was refused; nothing has changed. */
    REFUSED,
    /** It waits for a request to resume it. */
    PAUSED,
    /** Its trainer released the request, for another to take. */
    RELEASED,
    PUBLISHED,
    FAILED,
    CANCELLED;

    /** Returns whether the training has ended. */
    public boolean isLast() {
      return this == PUBLISHED || this == FAILED || this == CANCELLED;
    }

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * A completed step.
   *
   * @param phase {@code refiner-pretraining}, {@code discriminator-pretraining} or {@code
   *     adversarial}
   * @param number from 1 to {@code of}
   * @param of number of steps in the phase
   * @param losses the losses by name
   */
  public record Step(String phase, int number, int of, Map<String, Double> losses) {
    public Step {
      losses = ordered(losses);
    }
  }

  public TrainingUpdate {
    Objects.requireNonNull(trainingId, "trainingId");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(at, "at");
    metrics = ordered(metrics);
    detail = detail.map(Excerpt::of);
  }

  private static Map<String, Double> ordered(Map<String, Double> values) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(values == null ? Map.of() : values));
  }

  @JsonProperty
  public String schema() {
    return SCHEMA;
  }

  public byte[] toJson() {
    return MessageJson.write(this);
  }

  /** Returns whether an event is about a training; the topic also has jobs' events. */
  public static boolean isOne(byte[] json) {
    try {
      return SCHEMA.equals(Json.mapper().readTree(json).path("schema").textValue());
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * @throws IllegalArgumentException when the message is not a training update
   */
  public static TrainingUpdate parse(byte[] json) {
    return MessageJson.read(json, TrainingUpdate.class);
  }
}
