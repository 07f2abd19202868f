package io.refinery.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.refinery.registry.ModelReference;
import io.refinery.storage.ObjectRef;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request for a training. Two requests with the same id are one training: the second resumes a
 * paused training and receives the outcome of one that has ended.
 *
 * @param id a lower-case letter and up to 62 of {@code a-z 0-9 . _ -}
 * @param model the model to train the next version of
 * @param synthetic bundles of synthetic images, at least one
 * @param real bundles of real images, at least one
 * @param preset the plan to start from; empty for the trainer's default
 * @param plan parameters that override the preset's, by their names in a manifest
 * @param from version of the same model to start from; empty for fresh weights
 * @param realCaption the real images' caption in pictures
 * @param labelledReal bundles of labelled real images to evaluate on; may be empty
 */
@JsonPropertyOrder({"schema", "id", "model", "synthetic", "real"})
public record TrainingRequest(
    String id,
    String model,
    TrainingSource synthetic,
    TrainingSource real,
    Optional<String> preset,
    Map<String, String> plan,
    Optional<ModelReference> from,
    Optional<String> realCaption,
    TrainingSource labelledReal) {

  public static final String SCHEMA = "refinery.training/1";

  /** The most bytes of a message; enough for some thousand bundles. */
  private static final int MAX_BYTES = 512 << 10;

  public TrainingRequest {
    requireId(id);
    ModelReference.requireName(model);
    plan = Collections.unmodifiableMap(new TreeMap<>(plan));
    if (synthetic.isEmpty() || real.isEmpty()) {
      throw new IllegalArgumentException(
          "The field '" + (synthetic.isEmpty() ? "synthetic" : "real") + "' names no bundle");
    }
    if (from.isPresent() && !from.get().name().equals(model)) {
      throw new IllegalArgumentException(
          "The field 'from' is " + from.get() + ", which is not a version of " + model);
    }
  }

  /** Creates a request to train on every image of its bundles. */
  public TrainingRequest(
      String id,
      String model,
      List<ObjectRef> synthetic,
      List<ObjectRef> real,
      Optional<String> preset,
      Map<String, String> plan,
      Optional<ModelReference> from,
      Optional<String> realCaption,
      List<ObjectRef> labelledReal) {
    this(
        id,
        model,
        new TrainingSource(synthetic),
        new TrainingSource(real),
        preset,
        plan,
        from,
        realCaption,
        new TrainingSource(labelledReal));
  }

  private static void requireId(String id) {
    try {
      ModelReference.requireName(id);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("The field 'id': " + e.getMessage(), e);
    }
  }

  @JsonProperty
  public String schema() {
    return SCHEMA;
  }

  /**
   * Reads a message from {@code refinery.trainings}. {@code schema} may be omitted, and so may
   * {@code id} if the record's key is the id.
   *
   * @param key the record's key, if any
   * @param value the record's value, which may be anything
   */
  public static ParsedMessage<TrainingRequest> read(Optional<String> key, byte[] value) {
    return new RequestReader<>(SCHEMA, MAX_BYTES, TrainingFields::request).read(key, value);
  }

  /** Returns the record's value for {@code refinery.trainings}; its key is {@link #id}. */
  public byte[] toJson() {
    return MessageJson.write(this);
  }
}
