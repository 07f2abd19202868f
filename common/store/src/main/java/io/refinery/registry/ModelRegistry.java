package io.refinery.registry;

import io.refinery.storage.ObjectStorage;
import io.refinery.storage.Sha256;
import io.refinery.storage.StorageException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The models in an object store: immutable numbered versions, and channels that point to them. Safe
 * for use by many threads and processes at once. Storage failures are thrown as {@link
 * StorageException}.
 *
 * <p>A version's number is claimed by a conditional put, its manifest is written last, and nothing
 * in it changes afterwards. A publisher that dies leaves an unused number and no version or, in a
 * one-time publication, a version that the next attempt completes.
 */
public final class ModelRegistry {

  /** The key prefix of the models in Refinery's own bucket. */
  public static final String PREFIX = "models";

  /** What a cache of versions may take by default: 4 GiB, hundreds of versions. */
  public static final long CACHE_BYTES = 4L << 30;

  private final ObjectStorage storage;
  private final RegistryLayout layout;
  private final Publisher publisher;
  private final ChannelStore channels;
  private final long cacheBytes;
  private final ModelKeys keys;
  private final VersionSignatures signatures;

  /**
   * @param prefix of every key, such as {@code models}
   */
  public ModelRegistry(ObjectStorage storage, String bucket, String prefix) {
    this(storage, bucket, prefix, CACHE_BYTES);
  }

  /**
   * @param prefix of every key, such as {@code models}
   * @param keys sign the versions that are published, and check those that are fetched
   */
  public ModelRegistry(ObjectStorage storage, String bucket, String prefix, ModelKeys keys) {
    this(storage, bucket, prefix, CACHE_BYTES, Clock.systemUTC(), keys);
  }

  /**
   * @param prefix of every key, such as {@code models}
   * @param cacheBytes that the versions in one cache may take, of which the least recently used are
   *     removed after a download; versions that are open may take more
   */
  public ModelRegistry(ObjectStorage storage, String bucket, String prefix, long cacheBytes) {
    this(storage, bucket, prefix, cacheBytes, Clock.systemUTC(), ModelKeys.NONE);
  }

  private ModelRegistry(
      ObjectStorage storage,
      String bucket,
      String prefix,
      long cacheBytes,
      Clock clock,
      ModelKeys keys) {
    this.storage = storage;
    this.layout = new RegistryLayout(bucket, prefix);
    this.keys = keys;
    this.signatures = new VersionSignatures(storage, layout, keys.trusted());
    this.publisher = new Publisher(storage, layout, clock, signatures, keys.signer());
    this.channels = new ChannelStore(storage, layout, clock);
    this.cacheBytes = cacheBytes;
  }

  /**
   * Publishes a new version under the model's next free number.
   *
   * @throws UncheckedIOException when one of its files cannot be read
   */
  public ModelVersion publish(VersionDraft draft) {
    return publisher.publish(draft);
  }

  /**
   * Publishes exactly one version, no matter how often and by how many processes it is tried, and
   * when any of them is killed. If several try with different drafts, one draft is published, and
   * all receive its version.
   *
   * @param publication id of the publication, such as a training's id: 1 to 128 letters, digits,
   *     {@code . _ -}; unique per model
   * @throws UncheckedIOException when one of its files cannot be read
   */
  public ModelVersion publishOnce(VersionDraft draft, String publication) {
    RegistryLayout.requirePublication(publication);
    return publisher.publishOnce(draft, publication);
  }

  /**
   * Returns the version that a publication produced, and completes it if the process that decided
   * it died first.
   *
   * @return empty if nothing was decided; call {@link #publishOnce} then
   */
  public Optional<ModelVersion> finishPublication(String model, String publication) {
    ModelReference.requireName(model);
    RegistryLayout.requirePublication(publication);
    return publisher.finish(model, publication);
  }

  /** See {@link ChannelMover#move}. */
  ChannelPointer moveChannel(String model, String channel, int version, MoveReason move) {
    ResolvedModel target = target(model, channel, version);
    return channels.move(model, channel, move, present -> Optional.of(target)).orElseThrow();
  }

  /** See {@link ChannelMover#advance}. */
  Optional<ChannelPointer> advanceChannel(
      String model, String channel, int version, MoveReason move) {
    ResolvedModel target = target(model, channel, version);
    Optional<ChannelPointer> moved =
        channels.move(
            model,
            channel,
            move,
            present ->
                present.isPresent() && !isAhead(present.get(), version, move.cause())
                    ? Optional.empty()
                    : Optional.of(target));
    return moved.isPresent()
        ? moved
        : channels.pointer(model, channel).filter(pointer -> pointer.version() == version);
  }

  private static boolean isAhead(ChannelPointer present, int version, MoveReason.Cause cause) {
    return version > present.version() && !present.hasMoved(version, cause);
  }

  private ResolvedModel target(String model, String channel, int version) {
    ModelReference.requireName(channel);
    return resolve(new ModelReference.ToVersion(new ModelVersion(model, version)));
  }

  /** See {@link ChannelMover#rollback}. */
  ChannelPointer rollback(String model, String channel, String by, String reason) {
    ModelReference.requireName(model);
    ModelReference.requireName(channel);
    MoveReason move = new MoveReason(MoveReason.Cause.ROLLBACK, by, reason);
    return channels
        .move(model, channel, move, present -> Optional.of(before(model, channel, present)))
        .orElseThrow();
  }

  private ResolvedModel before(String model, String channel, Optional<ChannelPointer> present) {
    ChannelPointer pointer = present.orElseThrow(() -> noChannel(model, channel));
    int previous =
        pointer
            .previous()
            .orElseThrow(
                () ->
                    new ModelNotFoundException(
                        "%s@%s is %s@%d, and no version before it is recorded: promote one of %s"
                            .formatted(
                                model,
                                channel,
                                model,
                                pointer.version(),
                                enumerate(versions(model)))));
    return resolve(new ModelReference.ToVersion(new ModelVersion(model, previous)));
  }

  /**
   * Returns the version that a reference currently refers to.
   *
   * @throws ModelNotFoundException listing the models, versions or channels that exist
   */
  public ResolvedModel resolve(ModelReference reference) {
    if (reference instanceof ModelReference.ToVersion to) {
      return new ResolvedModel(to.version(), Sha256.of(manifestBytes(to.version())));
    }
    ModelReference.ToChannel to = (ModelReference.ToChannel) reference;
    ChannelPointer pointer =
        channels
            .pointer(to.name(), to.channel())
            .orElseThrow(() -> noChannel(to.name(), to.channel()));
    return new ResolvedModel(
        new ModelVersion(to.name(), pointer.version()), pointer.manifestSha256());
  }

  /**
   * Brings all of a version's files to this machine, as {@link #fetch(ResolvedModel, Path, Set)}
   * does some.
   */
  public LocalModel fetch(ResolvedModel model, Path cache) {
    return cache(cache, signatures).fetch(model, name -> true);
  }

  /**
   * Brings some of a version's files to this machine, or takes them from {@code cache} if they are
   * there and fit. The caller closes what it gets; until then, no process removes them.
   *
   * @param cache folder that many processes may share; it keeps what others fetched of the version
   * @param files names of files; those that the version does not have are left out
   * @throws CorruptModelException naming the first file that is not what the manifest says, or the
   *     keys that have not signed the version
   */
  public LocalModel fetch(ResolvedModel model, Path cache, Set<String> files) {
    return cache(cache, signatures).fetch(model, files::contains);
  }

  private ModelCache cache(Path folder, VersionSignatures checked) {
    return new ModelCache(storage, layout, folder, cacheBytes, checked);
  }

  /**
   * Signs an existing version with this process's key, after checking that its files fit its
   * manifest. Whether the version is good is for the caller to know.
   *
   * @param cache as in {@link #fetch(ResolvedModel, Path, Set)}
   * @return the key's id
   * @throws ModelNotFoundException when there is no such version
   * @throws CorruptModelException when a file does not fit
   * @throws IllegalStateException when this process has no key
   */
  public String sign(ModelVersion version, Path cache) {
    SigningKey key =
        keys.signer().orElseThrow(() -> new IllegalStateException("There is no signing key"));
    byte[] manifest = manifestBytes(version);
    VersionSignatures unchecked = new VersionSignatures(storage, layout, TrustedKeys.NONE);
    ResolvedModel model = new ResolvedModel(version, Sha256.of(manifest));
    cache(cache, unchecked).fetch(model, name -> true).close();
    signatures.write(version, manifest, key);
    return key.id();
  }

  /**
   * Returns the ids of the keys that signed a version. If this process has trusted keys, these are
   * the trusted ones whose signatures are valid; otherwise all that left a signature, unchecked.
   *
   * @throws ModelNotFoundException when there is no such version
   */
  public List<String> signers(ModelVersion version) {
    return signatures.signers(version, manifestBytes(version));
  }

  /**
   * Reads a version's manifest.
   *
   * @throws ModelNotFoundException when there is no such version
   */
  public Manifest manifest(ModelVersion version) {
    return ManifestJson.read(version, manifestBytes(version));
  }

  /** The names of the models that have a version, sorted. */
  public List<String> models() {
    return storage.list(layout.bucket(), layout.models()).stream()
        .flatMap(object -> layout.modelOfManifest(object.ref()).stream())
        .distinct()
        .sorted()
        .toList();
  }

  /** The numbers of a model's versions, ascending; empty if there is no such model. */
  public List<Integer> versions(String model) {
    ModelReference.requireName(model);
    return storage.list(layout.bucket(), layout.model(model)).stream()
        .filter(object -> RegistryLayout.isManifest(object.ref()))
        .flatMapToInt(object -> layout.numberOf(model, object.ref()).stream())
        .sorted()
        .boxed()
        .toList();
  }

  /** The pointers of a model's channels, by channel. */
  public SortedMap<String, ChannelPointer> channels(String model) {
    SortedMap<String, ChannelPointer> pointers = new TreeMap<>();
    for (String channel : channels.names(model)) {
      channels.pointer(model, channel).ifPresent(pointer -> pointers.put(channel, pointer));
    }
    return pointers;
  }

  private byte[] manifestBytes(ModelVersion version) {
    return RegistryReads.ifThere(storage, layout.manifest(version), RegistryReads.MANIFEST_BYTES)
        .orElseThrow(() -> noVersion(version))
        .bytes();
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
    List<String> names = channels.names(model);
    return new ModelNotFoundException(
        "Model "
            + model
            + " has no channel "
            + channel
            + "; it has "
            + (names.isEmpty()
                ? "none, and the versions " + enumerate(versions)
                : enumerate(names)));
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
            + (models.isEmpty() ? "it has no models" : "it has " + enumerate(models)));
  }

  private static String enumerate(List<?> things) {
    return things.stream().map(Object::toString).collect(Collectors.joining(", "));
  }
}
