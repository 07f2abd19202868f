package io.refinery.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.image.ImageShape;
import io.refinery.image.Preprocessing;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerNetwork;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Describes a version: its files and how it was made. Written last: a version exists once its
 * manifest does.
 *
 * @param schema {@link #SCHEMA}
 * @param shape of the images it was trained on; it refines other heights and widths too
 * @param preprocessing of the images it refines; NONE if the manifest has no such field
 * @param training the configuration it was trained with, as the trainer wrote it
 * @param metrics values by name, such as {@code refiner.loss}
 * @param engine name and version of the engine that trained it
 * @param parent the version whose weights it started from
 * @param publication id of the one-time publication that made it, if there was one
 * @param files every other file of the version, by name
 */
public record Manifest(
    String schema,
    String name,
    int version,
    Instant created,
    RefinerNetwork refiner,
    DiscriminatorNetwork discriminator,
    ImageShape shape,
    Preprocessing preprocessing,
    JsonNode training,
    Map<String, Double> metrics,
    String engine,
    Optional<Integer> parent,
    Optional<String> publication,
    Map<String, FileEntry> files) {

  public Manifest {
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(refiner, "refiner");
    Objects.requireNonNull(discriminator, "discriminator");
    Objects.requireNonNull(shape, "shape");
    preprocessing = preprocessing == null ? Preprocessing.NONE : preprocessing;
    Objects.requireNonNull(training, "training");
    Objects.requireNonNull(engine, "engine");
    Objects.requireNonNull(parent, "parent");
    Objects.requireNonNull(publication, "publication");
    metrics = sorted(metrics);
    files = sorted(files);
  }

  public static final String SCHEMA = "refinery.model/1";
  public static final String REFINER_WEIGHTS = RefinerFile.WEIGHTS.fileName();
  public static final String REFINER_ONNX = RefinerFile.ONNX.fileName();

  /** The refiner in half precision, present only if it passed the half-precision check. */
  public static final String REFINER_HALF_ONNX = RefinerFile.HALF_ONNX.fileName();

  public static final String DISCRIMINATOR_WEIGHTS = "discriminator.safetensors";
  public static final String PREVIEW = "preview.png";
  public static final String LOSS_CURVES = "losses.png";

  private static <V> Map<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }

  /**
   * @param sha256 64 hexadecimal digits, lower case
   * @param size in bytes
   */
  public record FileEntry(String sha256, long size) {
    public FileEntry {
      Objects.requireNonNull(sha256, "sha256");
    }
  }
}
