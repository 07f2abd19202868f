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
import java.util.Optional;

/**
 * A status update of a training, on {@code refinery.events}, keyed by its id. Updates may be lost
 * or repeated; the last one of a training that has ended is also kept in storage.
 *
 * @param model whose next version is trained, where it could be read
 * @param trainer the process that reports it
 * @param step the last completed one
 * @param version that was published
 * @param metrics of that version
 * @param detail one sentence, where there is something to add
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

  /** Where a training stands. */
  public enum State {
    /** Its request waits for a trainer. */
    QUEUED,
    /** A trainer has it. */
    STARTED,
    PRE_TRAINING,
    TRAINING,
    /** A checkpoint is in storage. */
    CHECKPOINT,
    EVALUATING,
    /** A guard found something; the training continues. */
    WARNING,
    /** It has a checkpoint and waits for a request to resume. */
    PAUSED,
    /** Its trainer gave it back, for another to take. */
    RELEASED,
    PUBLISHED,
    FAILED,
    CANCELLED;

    /** Whether the training has ended. */
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
   * @param of steps of the phase
   * @param losses by name
   */
  public record Step(String phase, int number, int of, Map<String, Double> losses) {
    public Step {
      losses = ordered(losses);
    }
  }

  public TrainingUpdate {
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

  /** Whether an event on the topic is about a training; jobs' events are there too. */
  public static boolean isOne(byte[] json) {
    try {
      return SCHEMA.equals(Json.mapper().readTree(json).path("schema").textValue());
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * @throws IllegalArgumentException when it is not an update of a training
   */
  public static TrainingUpdate parse(byte[] json) {
    return MessageJson.read(json, TrainingUpdate.class);
  }
}
