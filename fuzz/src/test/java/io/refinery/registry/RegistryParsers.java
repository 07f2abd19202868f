package io.refinery.registry;

import io.refinery.image.ImageShape;
import io.refinery.image.Preprocessing;
import io.refinery.json.Json;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerNetwork;
import io.refinery.storage.ObjectRef;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The registry's parsers, which are not public, and what they read. */
public final class RegistryParsers {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final String HASH = "ab".repeat(32);
  private static final ModelVersion VERSION = new ModelVersion("eyes", 7);

  private RegistryParsers() {}

  /** Returns a manifest. */
  public static byte[] manifest() {
    return ManifestJson.write(
        new Manifest(
            Manifest.SCHEMA,
            VERSION.name(),
            VERSION.number(),
            NOW,
            RefinerNetwork.eyes(),
            DiscriminatorNetwork.eyes(),
            new ImageShape(1, 35, 55),
            Preprocessing.HISTOGRAM_EQUALISATION,
            Json.mapper().createObjectNode().put("steps", 10_000),
            Map.of("refiner.loss", 0.25),
            "dl4j 1.0.0-M2.1",
            Optional.of(6),
            Optional.of("training-9"),
            Map.of("refiner.onnx", new Manifest.FileEntry(HASH, 12))));
  }

  /** Reads a manifest, or refuses it as corrupt. */
  public static void readManifest(byte[] json) {
    try {
      Manifest manifest = ManifestJson.read(VERSION, json);
      manifest.refiner().parameters();
      ManifestJson.versionOf("eyes", "training-9", json);
    } catch (CorruptModelException e) {
      requireSentence(e);
    }
  }

  /** Returns a channel's pointer. */
  public static byte[] channel() {
    ChannelMove move =
        new ChannelMove(NOW, Optional.of(6), 7, MoveReason.Cause.ROLLBACK, "anna", "Worse.");
    return Json.write(new ChannelPointer(7, HASH, NOW, List.of(move, move)));
  }

  /** Reads a channel's pointer, or refuses it as corrupt. */
  public static void readChannel(byte[] json) {
    try {
      ChannelStore.parse(ObjectRef.parse("s3://models/eyes"), json).previous();
    } catch (CorruptModelException e) {
      requireSentence(e);
    }
  }

  private static void requireSentence(CorruptModelException e) {
    if (e.getMessage().isBlank()) {
      throw new IllegalStateException("There is no sentence", e);
    }
  }
}
