package io.refinery.console.models;

import io.refinery.json.Json;
import io.refinery.network.OnnxRefiner;
import io.refinery.network.Safetensors;
import io.refinery.network.Weights;
import io.refinery.registry.ChannelMover;
import io.refinery.registry.CurrentUser;
import io.refinery.registry.Manifest;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.MoveReason;
import io.refinery.registry.VersionDraft;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The eye refiner shipped with Refinery. Refinery's trainer trained it on the simulator's two looks
 * only; the command to train it again is in the resource {@code models/eyes/README.md}.
 */
public final class ShippedModel {

  /** The name under which it is published. */
  public static final String NAME = "eyes";

  private static final String PUBLICATION = "shipped";

  private static final List<String> CHANNELS =
      List.of(ModelReference.LATEST_CHANNEL, ModelReference.DEFAULT_CHANNEL);

  private static final String RESOURCES = "/models/eyes/";

  /**
   * Without the ONNX files, which are generated from the weights. A test checks that the one in
   * half precision refines equally well.
   */
  private static final List<String> FILES =
      List.of(
          Manifest.REFINER_WEIGHTS,
          Manifest.DISCRIMINATOR_WEIGHTS,
          Manifest.PREVIEW,
          Manifest.LOSS_CURVES);

  private ShippedModel() {}

  /**
   * Publishes it as the first version, latest and stable, if the registry has no model of that
   * name. Completes an interrupted earlier publication.
   */
  public static void publishWhereMissing(ModelRegistry registry, ChannelMover mover)
      throws IOException {
    Optional<ModelVersion> begun = registry.finishPublication(NAME, PUBLICATION);
    if (begun.isEmpty() && !registry.versions(NAME).isEmpty()) {
      return;
    }
    ModelVersion version = begun.isPresent() ? begun.get() : publish(registry);
    MoveReason move =
        new MoveReason(
            MoveReason.Cause.PUBLICATION, CurrentUser.current(), "Shipped with Refinery.");
    Set<String> present = registry.channels(NAME).keySet();
    for (String channel : CHANNELS) {
      if (!present.contains(channel)) {
        mover.advance(version.name(), channel, version.number(), move);
      }
    }
  }

  private static ModelVersion publish(ModelRegistry registry) throws IOException {
    Manifest manifest;
    try (InputStream resource = open(ModelFolder.MANIFEST)) {
      manifest = Json.mapper().readValue(resource, Manifest.class);
    }
    Path folder = Files.createTempDirectory("refinery-model");
    Map<String, Path> files = new TreeMap<>();
    try {
      for (String name : FILES) {
        Path file = folder.resolve(name);
        files.put(name, file);
        try (InputStream resource = open(name)) {
          Files.copy(resource, file);
        }
      }
      Path onnx = folder.resolve(Manifest.REFINER_ONNX);
      files.put(Manifest.REFINER_ONNX, onnx);
      Path half = folder.resolve(Manifest.REFINER_HALF_ONNX);
      files.put(Manifest.REFINER_HALF_ONNX, half);
      Weights weights = Safetensors.read(files.get(Manifest.REFINER_WEIGHTS));
      OnnxRefiner.write(manifest.refiner(), weights, onnx);
      OnnxRefiner.writeHalf(manifest.refiner(), weights, half);
      return registry.publishOnce(VersionDraft.like(manifest, NAME, files), PUBLICATION);
    } finally {
      for (Path file : files.values()) {
        Files.deleteIfExists(file);
      }
      Files.delete(folder);
    }
  }

  private static InputStream open(String name) throws IOException {
    InputStream resource = ShippedModel.class.getResourceAsStream(RESOURCES + name);
    if (resource == null) {
      throw new FileNotFoundException(
          "The resource " + RESOURCES + name + " is missing from the class path");
    }
    return resource;
  }
}
