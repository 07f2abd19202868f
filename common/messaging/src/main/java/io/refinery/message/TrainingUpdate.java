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
 * How a training fares, on {@code refinery.events}, keyed by its id. Notices may be lost or come
 * twice; the last one of a training that is over also lies in storage.
 *
 * @param model of which a version is trained, where it could be read
 * @param trainer which process says so
 * @param step the last one that was done
 * @param version that came out
 * @param metrics of that version
 * @param detail one sentence, where there is something to say
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
    /** Its order is on the topic, and waits for a trainer. */
    QUEUED,
    /** A trainer has it. */
    STARTED,
    PRE_TRAINING,
    TRAINING,
    /** What was done so far is in storage. */
    CHECKPOINT,
    EVALUATING,
    /** A guard found something; the training goes on. */
    WARNING,
    /** It has a checkpoint and waits for an order to go on. */
    PAUSED,
    /** Given back by its trainer, to be taken up by another. */
    RELEASED,
    PUBLISHED,
    FAILED,
    CANCELLED;

    /** Whether nothing comes after it. */
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
   * A step that was done.
   *
   * @param phase {@code refiner-pretraining}, {@code discriminator-pretraining} or {@code
   *     adversarial}
   * @param number from 1 to {@code of}
   * @param of steps of the phase
   * @param losses by name, none left out
   */
  public record Step(String phase, int number, int of, Map<String, Double> losses) {
    public Step {
      losses = ordered(losses);
    }
  }

  public TrainingUpdate {
    metrics = ordered(metrics);
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

  /** Whether an event on the topic is about a training: jobs' events are there too. */
  public static boolean isOne(byte[] json) {
    try {
      return SCHEMA.equals(Json.mapper().readTree(json).path("schema").textValue());
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * @throws IllegalArgumentException when it is no notice of a training
   */
  public static TrainingUpdate parse(byte[] json) {
    return MessageJson.read(json, TrainingUpdate.class);
  }
}
