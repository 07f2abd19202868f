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
 * Asks for one training. Two orders of one id are one training: the second goes on with one that
 * was paused, and gets the outcome of one that is over.
 *
 * @param id a small letter and up to 62 of {@code a-z 0-9 . _ -}
 * @param model whose next version comes out
 * @param synthetic bundles of the images that are to be refined, at least one; a key that ends in a
 *     slash means all bundles below it
 * @param real bundles of the images that refined ones shall look like, at least one
 * @param preset plan to start from; the trainers' usual one where it is empty
 * @param plan parameters that differ from the preset's, by the names that a manifest has
 * @param from version of the same model to go on from; fresh weights where it is empty
 * @param realCaption what the real images are called in pictures
 * @param labelledReal bundles of real images with labels, to evaluate on; may be empty
 */
@JsonPropertyOrder({"schema", "id", "model", "synthetic", "real"})
public record TrainingRequest(
    String id,
    String model,
    List<ObjectRef> synthetic,
    List<ObjectRef> real,
    Optional<String> preset,
    Map<String, String> plan,
    Optional<ModelReference> from,
    Optional<String> realCaption,
    List<ObjectRef> labelledReal) {

  public static final String SCHEMA = "refinery.training/1";

  public TrainingRequest {
    requireId(id);
    ModelReference.requireName(model);
    synthetic = List.copyOf(synthetic);
    real = List.copyOf(real);
    plan = Collections.unmodifiableMap(new TreeMap<>(plan));
    labelledReal = List.copyOf(labelledReal);
    if (synthetic.isEmpty() || real.isEmpty()) {
      throw new IllegalArgumentException(
          "The field '" + (synthetic.isEmpty() ? "synthetic" : "real") + "' names no bundle");
    }
    if (from.isPresent() && !from.get().name().equals(model)) {
      throw new IllegalArgumentException(
          "The field 'from' is " + from.get() + ", which is no version of " + model);
    }
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

  /** What goes on the topic {@code refinery.trainings}, keyed by {@link #id}. */
  public byte[] toJson() {
    return MessageJson.write(this);
  }
}
