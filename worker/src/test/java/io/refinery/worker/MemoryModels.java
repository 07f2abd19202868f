package io.refinery.worker;

import io.refinery.image.ImageShape;
import io.refinery.image.Preprocessing;
import io.refinery.json.Json;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerNetwork;
import io.refinery.registry.ChannelMover;
import io.refinery.registry.Manifest;
import io.refinery.registry.ModelKeys;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.MoveReason;
import io.refinery.registry.VersionDraft;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.testkit.MemoryStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Versions of models in memory whose files only a {@link FakeEngine} takes for refiners. */
final class MemoryModels {

  private static final String BUCKET = "models";
  private static final MoveReason MOVE = new MoveReason(MoveReason.Cause.PROMOTION, "a test", "");

  final MemoryStorage storage = new MemoryStorage();
  final FakeEngine engine = new FakeEngine();

  /** Sign what is published from now on, and check what is served from now on. */
  ModelKeys keys = ModelKeys.NONE;

  private final Path folder;

  MemoryModels(Path folder) {
    this.folder = folder;
  }

  /** Publishes the model's next version. */
  String publish(String model) throws IOException {
    Path file = Files.writeString(folder.resolve("refiner"), "A refiner");
    ModelVersion version =
        registry(storage)
            .publish(
                new VersionDraft(
                    model,
                    RefinerNetwork.eyes(),
                    DiscriminatorNetwork.eyes(),
                    new ImageShape(1, 2, 3),
                    Preprocessing.NONE,
                    Json.mapper().createObjectNode(),
                    Map.of(),
                    "none",
                    Optional.empty(),
                    Map.of(Manifest.REFINER_ONNX, file)));
    return version.toString();
  }

  /** Publishes the model's next version, and points {@code stable} to it. */
  String publishStable(String model) throws IOException {
    String version = publish(model);
    moveStable(version);
    return version;
  }

  void moveStable(String version) {
    String[] parts = version.split("@", 2);
    new ChannelMover(registry(storage), (moved, channel, pointer) -> {})
        .move(parts[0], "stable", Integer.parseInt(parts[1]), MOVE);
  }

  /** Where a file of a version is. */
  static ObjectRef file(String version, String name) {
    String folder = version.replace("@", "/versions/");
    return new ObjectRef(BUCKET, ModelRegistry.PREFIX + "/" + folder + "/" + name);
  }

  /** Whether an object is the pointer of a model's channel. */
  static boolean isChannel(ObjectRef object, String model) {
    return object.key().startsWith(ModelRegistry.PREFIX + "/" + model + "/channels/");
  }

  /**
   * What a worker serves of these models.
   *
   * @param from the store, or one that fails in front of it
   * @param kept how many refiners that no job uses stay
   */
  ServedModels served(ObjectStorage from, int kept) {
    return new ServedModels(
        registry(from),
        engine.selection(),
        folder.resolve("cache"),
        kept,
        OptionalInt.of(1),
        () -> {});
  }

  private ModelRegistry registry(ObjectStorage storage) {
    return new ModelRegistry(storage, BUCKET, ModelRegistry.PREFIX, keys);
  }
}
