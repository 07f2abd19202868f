package io.refinery.registry;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.refinery.json.Json;
import io.refinery.storage.Content;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.Sha256;
import io.refinery.storage.StorageException;
import io.refinery.storage.StoredObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The models in an object store: immutable numbered versions, and channels that point to them. Used
 * by many threads and processes at once; storage failures come as {@link StorageException}.
 *
 * <p>A version's number is claimed by a conditional put, its manifest is put last, and nothing of
 * it is ever written again: a publisher that dies leaves an unused number and no version.
 */
public final class ModelRegistry {

  private static final long MANIFEST_BYTES = 16L << 20;
  private static final long POINTER_BYTES = 64L << 10;

  private static final RetryPolicy<Optional<ChannelPointer>> WHILE_OTHERS_MOVE_IT =
      RetryPolicy.<Optional<ChannelPointer>>builder()
          .handleResultIf(Optional::isEmpty)
          .abortOn(RuntimeException.class)
          .withBackoff(Duration.ofMillis(10), Duration.ofMillis(500))
          .withJitter(0.5)
          .withMaxRetries(-1)
          .withMaxDuration(Duration.ofMinutes(1))
          .build();

  private final ObjectStorage storage;
  private final RegistryLayout layout;
  private final Clock clock;

  /**
   * @param prefix of every key, such as {@code models}
   */
  public ModelRegistry(ObjectStorage storage, String bucket, String prefix) {
    this(storage, bucket, prefix, Clock.systemUTC());
  }

  ModelRegistry(ObjectStorage storage, String bucket, String prefix, Clock clock) {
    this.storage = storage;
    this.layout = new RegistryLayout(bucket, prefix);
    this.clock = clock;
  }

  /**
   * Publishes a new version under the model's next free number.
   *
   * @throws UncheckedIOException when one of its files cannot be read
   */
  public ModelVersion publish(VersionDraft draft) {
    ModelVersion version = claimNext(draft.name());
    Map<String, Manifest.FileEntry> entries = new TreeMap<>();
    draft.files().forEach((name, file) -> entries.put(name, upload(version, name, file)));
    byte[] manifest =
        ManifestJson.write(draft.manifest(version.number(), clock.instant(), entries));
    if (storage.putIfAbsent(layout.manifest(version), manifest).isEmpty()) {
      throw new IllegalStateException(
          "Somebody else wrote " + layout.manifest(version) + ", whose number was claimed here");
    }
    return version;
  }

  private ModelVersion claimNext(String name) {
    int number =
        storage.list(layout.bucket(), layout.model(name)).stream()
            .flatMapToInt(object -> layout.numberOf(name, object.ref()).stream())
            .max()
            .orElse(0);
    // Unlike any other claimant's, so that a claim whose answer was lost is known again.
    byte[] claim =
        (clock.instant() + " " + UUID.randomUUID() + "\n").getBytes(StandardCharsets.UTF_8);
    ModelVersion version;
    do {
      version = new ModelVersion(name, ++number);
    } while (storage.putIfAbsent(layout.claim(version), claim).isEmpty());
    return version;
  }

  private Manifest.FileEntry upload(ModelVersion version, String name, Path file) {
    try {
      Manifest.FileEntry entry = new Manifest.FileEntry(Sha256.of(file), Files.size(file));
      storage.upload(layout.file(version, name), file);
      return entry;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + " of " + version + ": " + e, e);
    }
  }

  /**
   * Lets a channel point to a version, whoever else moves it meanwhile: moves happen one after
   * another, and each of them happens.
   *
   * @return where it points now
   * @throws ModelNotFoundException when there is no such version
   */
  public ChannelPointer moveChannel(String model, String channel, int version) {
    ModelReference.requireName(channel);
    ResolvedModel target = resolve(new ModelReference.ToVersion(new ModelVersion(model, version)));
    ObjectRef ref = layout.channel(model, channel);
    return Failsafe.with(WHILE_OTHERS_MOVE_IT)
        .get(() -> tryMove(ref, target))
        .orElseThrow(
            () ->
                new StorageException(
                    StorageException.Kind.UNAVAILABLE,
                    "Others kept moving " + ref + " for a minute: try again"));
  }

  private Optional<ChannelPointer> tryMove(ObjectRef ref, ResolvedModel target) {
    Instant now = clock.instant();
    ChannelPointer pointer =
        new ChannelPointer(target.version().number(), target.manifestSha256(), now);
    byte[] json = Json.write(pointer);
    Optional<Content> before = readIfThere(ref, POINTER_BYTES);
    Optional<StoredObject> written =
        before.isPresent()
            ? storage.replace(ref, json, before.get().etag())
            : storage.putIfAbsent(ref, json);
    return written.map(object -> pointer);
  }

  /**
   * The version that a reference means now.
   *
   * @throws ModelNotFoundException saying which models, versions or channels there are
   */
  public ResolvedModel resolve(ModelReference reference) {
    if (reference instanceof ModelReference.ToVersion to) {
      return new ResolvedModel(to.version(), Sha256.of(manifestBytes(to.version())));
    }
    ModelReference.ToChannel to = (ModelReference.ToChannel) reference;
    ChannelPointer pointer =
        pointer(to.name(), to.channel()).orElseThrow(() -> noChannel(to.name(), to.channel()));
    return new ResolvedModel(
        new ModelVersion(to.name(), pointer.version()), pointer.manifestSha256());
  }

  /**
   * Brings a version's files to this machine, or takes them from {@code cache} if they are there
   * and fit.
   *
   * @param cache folder that many processes may share
   * @throws CorruptModelException naming the first file that is not what the manifest says
   */
  public LocalModel fetch(ResolvedModel model, Path cache) {
    return new ModelCache(storage, layout, cache).fetch(model);
  }

  /**
   * What a version is.
   *
   * @throws ModelNotFoundException when there is no such version
   */
  public Manifest manifest(ModelVersion version) {
    return ManifestJson.read(version, manifestBytes(version));
  }

  /** The models that have a version, by name. */
  public List<String> models() {
    return storage.list(layout.bucket(), layout.models()).stream()
        .flatMap(object -> layout.modelOfManifest(object.ref()).stream())
        .distinct()
        .sorted()
        .toList();
  }

  /** The numbers of a model's versions, rising; empty where there is no such model. */
  public List<Integer> versions(String model) {
    ModelReference.requireName(model);
    return storage.list(layout.bucket(), layout.model(model)).stream()
        .filter(object -> RegistryLayout.isManifest(object.ref()))
        .flatMapToInt(object -> layout.numberOf(model, object.ref()).stream())
        .sorted()
        .boxed()
        .toList();
  }

  /** Where a model's channels point, by channel. */
  public SortedMap<String, ChannelPointer> channels(String model) {
    SortedMap<String, ChannelPointer> channels = new TreeMap<>();
    for (String channel : channelNames(model)) {
      pointer(model, channel).ifPresent(pointer -> channels.put(channel, pointer));
    }
    return channels;
  }

  private List<String> channelNames(String model) {
    ModelReference.requireName(model);
    return storage.list(layout.bucket(), layout.model(model) + "channels/").stream()
        .flatMap(object -> layout.channelOf(model, object.ref()).stream())
        .toList();
  }

  private Optional<ChannelPointer> pointer(String model, String channel) {
    ObjectRef ref = layout.channel(model, channel);
    return readIfThere(ref, POINTER_BYTES)
        .map(
            content -> {
              try {
                return Json.mapper().readValue(content.bytes(), ChannelPointer.class);
              } catch (IOException e) {
                throw new CorruptModelException(ref + " is no channel's pointer: " + e, e);
              }
            });
  }

  private byte[] manifestBytes(ModelVersion version) {
    return readIfThere(layout.manifest(version), MANIFEST_BYTES)
        .orElseThrow(() -> noVersion(version))
        .bytes();
  }

  private Optional<Content> readIfThere(ObjectRef ref, long maxBytes) {
    try {
      return Optional.of(storage.read(ref, maxBytes));
    } catch (StorageException e) {
      if (e.kind() == StorageException.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private ModelNotFoundException noVersion(ModelVersion version) {
    List<Integer> versions = versions(version.name());
    return versions.isEmpty()
        ? noModel(version.name())
        : new ModelNotFoundException(
            "Model "
                + version.name()
                + " has no version "
                + version.number()
                + "; it has "
                + enumerate(versions));
  }

  private ModelNotFoundException noChannel(String model, String channel) {
    List<Integer> versions = versions(model);
    if (versions.isEmpty()) {
      return noModel(model);
    }
    List<String> channels = channelNames(model);
    return new ModelNotFoundException(
        "Model "
            + model
            + " has no channel "
            + channel
            + "; it has "
            + (channels.isEmpty()
                ? "none, and the versions " + enumerate(versions)
                : enumerate(channels)));
  }

  private ModelNotFoundException noModel(String model) {
    List<String> models = models();
    return new ModelNotFoundException(
        "There is no model "
            + model
            + " in s3://"
            + layout.bucket()
            + "/"
            + layout.models()
            + "; "
            + (models.isEmpty() ? "there is none at all" : "there is " + enumerate(models)));
  }

  private static String enumerate(List<?> things) {
    return things.stream().map(Object::toString).collect(Collectors.joining(", "));
  }
}
