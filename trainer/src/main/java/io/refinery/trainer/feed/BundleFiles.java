package io.refinery.trainer.feed;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.storage.EntryLock;
import io.refinery.storage.EntryLocks;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.Sha256;
import io.refinery.storage.StorageException;
import io.refinery.storage.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the bundles of a data source, and fetches those in object storage on demand. Fetched
 * bundles stay in the cache for the next epoch or a resumed training, until they have not been used
 * for a week.
 */
public final class BundleFiles {

  private static final Logger log = LoggerFactory.getLogger(BundleFiles.class);

  private static final String STORED = "s3://";
  private static final Duration KEPT = Duration.ofDays(7);

  /** The prefix of the names of partial downloads. */
  private static final String PARTIAL = "fetching-";

  private static final Pattern CACHED = Pattern.compile("[0-9a-f]{64}|" + PARTIAL + ".+");

  private final Optional<ObjectStorage> storage;
  private final Path cache;

  /**
   * @param storage the store of addresses that begin with {@code s3://}
   * @param cache folder that trainings can share; needs space for the bundles of both domains
   */
  public BundleFiles(Optional<ObjectStorage> storage, Path cache) {
    this.storage = storage;
    this.cache = cache;
  }

  /**
   * Removes bundles that no training has used for a week and partial downloads of dead processes,
   * but nothing that a process uses. Any number of processes may sweep at once. Files that cannot
   * be removed are logged and left.
   */
  public void sweep() throws IOException {
    if (!Files.isDirectory(cache)) {
      return;
    }
    EntryLocks locks = EntryLocks.of(cache);
    for (Path file : cached()) {
      if (isUnwanted(file)) {
        locks.ifUnused(file.getFileName().toString(), () -> removeIfUnwanted(file));
      }
    }
  }

  private List<Path> cached() throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files.filter(file -> CACHED.matcher(file.getFileName().toString()).matches()).toList();
    }
  }

  /** A partial download is used only by its process, which holds a lock on it. */
  private static boolean isUnwanted(Path file) throws IOException {
    if (file.getFileName().toString().startsWith(PARTIAL)) {
      return true;
    }
    try {
      Instant lastWeek = Instant.now().minus(KEPT);
      return Files.getLastModifiedTime(file).toInstant().isBefore(lastWeek);
    } catch (NoSuchFileException e) {
      return false; // Another process has just removed it.
    }
  }

  private static void removeIfUnwanted(Path file) {
    try {
      // Another process may have just used it.
      if (isUnwanted(file)) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      log.warn("Cannot remove {} from the cache of bundles", file, e);
    }
  }

  /**
   * Returns the bundles in order.
   *
   * @throws BundleException when there is none
   * @throws StorageException when an object is missing or the store cannot be queried
   */
  List<BundleFile> list(DataSource source) throws BundleException {
    List<BundleFile> files = new ArrayList<>();
    for (String bundle : source.bundles()) {
      if (bundle.startsWith(STORED)) {
        addStored(bundle, files);
      } else {
        files.add(new OnDisk(Path.of(bundle)));
      }
    }
    return files;
  }

  private void addStored(String address, List<BundleFile> files) throws BundleException {
    ObjectStorage store =
        storage.orElseThrow(
            () -> new IllegalArgumentException("No object store is configured to read " + address));
    if (!address.endsWith("/")) {
      ObjectRef ref = ObjectRef.parse(address);
      StoredObject object =
          store
              .find(ref)
              .orElseThrow(
                  () ->
                      new StorageException(
                          StorageException.Kind.NOT_FOUND, "There is no object " + ref));
      files.add(new Stored(store, object, cache));
      return;
    }
    ObjectRef prefix = ObjectRef.parse(address);
    List<StoredObject> below = store.list(prefix.bucket(), prefix.key());
    if (below.isEmpty()) {
      throw new BundleException(BundleFault.NO_IMAGES, "There is no object below " + address);
    }
    below.forEach(object -> files.add(new Stored(store, object, cache)));
  }

  private record OnDisk(Path file) implements BundleFile {
    @Override
    public String name() {
      return file.toString();
    }

    @Override
    public FetchedBundle fetch() {
      return new FetchedBundle(file, Optional.empty());
    }

    @Override
    public String identity() throws IOException {
      return "sha256:" + Sha256.of(file);
    }
  }

  private record Stored(ObjectStorage store, StoredObject object, Path cache)
      implements BundleFile {

    @Override
    public String name() {
      return object.ref().toString();
    }

    @Override
    public FetchedBundle fetch() throws IOException {
      // An object's tag changes with its content, so a file of this name has the right content.
      String name = Sha256.of((name() + " " + object.etag()).getBytes(StandardCharsets.UTF_8));
      EntryLocks locks = EntryLocks.of(cache);
      EntryLock use = locks.shared(name);
      try {
        Path file = cache.resolve(name);
        if (!Files.exists(file)) {
          download(file, locks);
        }
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        return new FetchedBundle(file, Optional.of(use));
      } catch (IOException | RuntimeException e) {
        use.close();
        throw e;
      }
    }

    private void download(Path file, EntryLocks locks) throws IOException {
      String name = PARTIAL + UUID.randomUUID();
      EntryLock owned =
          locks.tryExclusive(name).orElseThrow(() -> new IOException(name + " is in use"));
      Path partial = cache.resolve(name);
      try {
        store.download(object.ref(), partial, Long.MAX_VALUE);
        Files.move(
            partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        try {
          Files.deleteIfExists(partial);
        } finally {
          owned.close();
        }
      }
    }

    @Override
    public String identity() {
      return "etag:" + object.etag();
    }
  }
}
