package io.refinery.worker;

import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.EngineException;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.message.ErrorCode;
import io.refinery.registry.CorruptModelException;
import io.refinery.registry.LocalModel;
import io.refinery.registry.ModelNotFoundException;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ResolvedModel;
import io.refinery.storage.StorageException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The refiners that this worker has built. A reference is looked up in storage when a job starts,
 * so that the job uses the version it names at that moment; listening for moves of channels only
 * makes the refiner ready sooner. A version that cannot be used is refused: a channel that points
 * to it is served with its last good version.
 */
final class ServedModels implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ServedModels.class);

  private final ModelRegistry registry;
  private final EngineSelection<RefiningEngine> engine;
  private final Path cache;
  private final int kept;
  private final OptionalInt warmUpBatch;
  private final Runnable halved;

  private final Object building = new Object();
  private final Map<ResolvedModel, Built> built = new HashMap<>();
  private final Map<ModelReference, ResolvedModel> good = new ConcurrentHashMap<>();
  private final Map<ResolvedModel, String> refused = new ConcurrentHashMap<>();

  /**
   * @param cache folder of the versions' files
   * @param kept number of unused refiners to keep
   * @param warmUpBatch size of each refiner's first batch; empty for the refiner's preferred size
   * @param halved run for every batch that did not fit into the device's memory
   */
  ServedModels(
      ModelRegistry registry,
      EngineSelection<RefiningEngine> engine,
      Path cache,
      int kept,
      OptionalInt warmUpBatch,
      Runnable halved) {
    this.registry = registry;
    this.engine = engine;
    this.cache = cache;
    this.kept = kept;
    this.warmUpBatch = warmUpBatch;
    this.halved = halved;
  }

  /**
   * Returns the refiner of the version that {@code reference} names now, for one job.
   *
   * @throws JobFailure when there is no such version, or it is refused and there is no earlier good
   *     one
   * @throws DeviceFailedException when the device is lost, whatever the version
   */
  Lease lease(ModelReference reference) throws JobFailure {
    Optional<ResolvedModel> named = Optional.empty();
    try {
      named = Optional.of(registry.resolve(reference));
      Lease lease = lease(named.get());
      if (reference instanceof ModelReference.ToChannel) {
        good.put(reference, named.get());
      }
      return lease;
    } catch (ModelNotFoundException e) {
      throw new JobFailure(ErrorCode.NO_SUCH_MODEL, e.getMessage(), Optional.empty(), e);
    } catch (RefusedException | CorruptModelException e) {
      ResolvedModel last = good.get(reference);
      if (last == null || last.equals(named.orElse(null))) {
        throw new JobFailure(
            ErrorCode.CORRUPT_MODEL, e.getMessage(), named.map(ResolvedModel::version), e);
      }
      log.warn("{} is still served with {}: {}", reference, last.version(), e.getMessage());
      return leaseAgain(last);
    }
  }

  private Lease leaseAgain(ResolvedModel model) throws JobFailure {
    try {
      return lease(model);
    } catch (RefusedException e) {
      throw new JobFailure(
          ErrorCode.CORRUPT_MODEL, e.getMessage(), Optional.of(model.version()), e);
    }
  }

  private Lease lease(ResolvedModel model) throws RefusedException {
    Optional<Lease> ready = leaseBuilt(model);
    if (ready.isPresent()) {
      return ready.get();
    }
    // Jobs with other versions continue meanwhile: they need only the lock on the map.
    synchronized (building) {
      ready = leaseBuilt(model);
      if (ready.isPresent()) {
        return ready.get();
      }
      Built fresh = build(model);
      synchronized (built) {
        built.put(model, fresh);
        return leaseBuilt(model).orElseThrow();
      }
    }
  }

  private Optional<Lease> leaseBuilt(ResolvedModel model) throws RefusedException {
    String reason = refused.get(model);
    if (reason != null) {
      throw new RefusedException(reason, null);
    }
    synchronized (built) {
      Built ready = built.get(model);
      if (ready == null) {
        return Optional.empty();
      }
      ready.users++;
      evict();
      return Optional.of(new Lease(this, ready));
    }
  }

  private Built build(ResolvedModel model) throws RefusedException {
    String file = engine.engine().file(engine.precision()).fileName();
    try {
      LocalModel local = fetch(model, file);
      try {
        Built fresh = new Built(local, refiner(local));
        log.info("{} is ready (manifest {})", model.version(), model.manifestSha256());
        return fresh;
      } catch (RuntimeException | Error e) {
        local.close();
        throw e;
      }
    } catch (DeviceFailedException e) {
      throw e;
    } catch (CorruptModelException | EngineException e) {
      String reason = "%s cannot be used: %s".formatted(model.version(), e.getMessage());
      refused.put(model, reason);
      log.error(reason, e);
      throw new RefusedException(reason, e);
    }
  }

  /** Fetches a version again if it looks damaged: a byte may have changed on its way. */
  private LocalModel fetch(ResolvedModel model, String file) {
    try {
      return registry.fetch(model, cache, Set.of(file));
    } catch (CorruptModelException e) {
      log.warn("{} looks damaged; fetching it again", model.version(), e);
      return registry.fetch(model, cache, Set.of(file));
    }
  }

  private Refiner refiner(LocalModel local) {
    Refiner refiner =
        new AdaptiveBatchRefiner(
            engine.engine().refiner(local.refiner(), engine.device(), engine.precision()), halved);
    try {
      warmUp(refiner, local.manifest().shape());
      return refiner;
    } catch (DeviceFailedException e) {
      throw e; // Freeing memory on a lost device may hang.
    } catch (RuntimeException | Error e) {
      refiner.close();
      throw e;
    }
  }

  private void warmUp(Refiner refiner, ImageShape shape) {
    int count = Refinement.batchSize(warmUpBatch, refiner, shape);
    ImageBatch gray = new ImageBatch(count, shape, new float[count * shape.values()]);
    for (float pixel : refiner.refine(gray).pixels()) {
      if (!Float.isFinite(pixel)) {
        throw new EngineException("It refines gray images to " + pixel);
      }
    }
  }

  /** Closes the least recently used idle refiners beyond the number to keep. */
  private void evict() {
    List<Map.Entry<ResolvedModel, Built>> idle = new ArrayList<>();
    built.entrySet().stream().filter(entry -> entry.getValue().users == 0).forEach(idle::add);
    idle.sort(Comparator.comparingLong(entry -> entry.getValue().lastUsed));
    for (var entry : idle.subList(0, Math.max(0, idle.size() - kept))) {
      built.remove(entry.getKey());
      entry.getValue().close();
      log.info("{} is unloaded", entry.getKey().version());
    }
  }

  private void giveBack(Built used) {
    synchronized (built) {
      used.users--;
      used.lastUsed = System.nanoTime();
      evict();
    }
  }

  /** Looks up every channel that a job has named so far and builds new versions. */
  void refresh() {
    for (ModelReference reference : good.keySet()) {
      try {
        lease(reference).close();
      } catch (JobFailure | StorageException | UncheckedIOException e) {
        log.warn("{} cannot be looked up: {}", reference, e.getMessage());
      }
    }
  }

  /** Allows refused versions to be tried again. */
  void forgetRefusals() {
    refused.clear();
  }

  /** Returns the version that each channel is served with. */
  Map<String, String> serving() {
    Map<String, String> serving = new TreeMap<>();
    good.forEach(
        (reference, model) -> serving.put(reference.toString(), model.version().toString()));
    return serving;
  }

  /** Returns the reasons why versions are refused, by version. */
  Map<String, String> refusals() {
    Map<String, String> refusals = new TreeMap<>();
    refused.forEach((model, reason) -> refusals.put(model.version().toString(), reason));
    return refusals;
  }

  /**
   * Forgets all refiners without closing them: freeing memory on a lost device may hang or end the
   * process.
   */
  void abandon() {
    synchronized (built) {
      built.clear();
    }
  }

  @Override
  public void close() {
    synchronized (built) {
      built.values().forEach(Built::close);
      built.clear();
    }
  }

  private static final class Built {
    private final LocalModel local;
    private final Refiner refiner;
    private int users;
    private long lastUsed;

    Built(LocalModel local, Refiner refiner) {
      this.local = local;
      this.refiner = refiner;
    }

    void close() {
      refiner.close();
      local.close();
    }
  }

  /** A refiner that stays open until the lease is closed; only the engine's thread runs it. */
  static final class Lease implements AutoCloseable {
    private final ServedModels owner;
    private final Built model;

    private Lease(ServedModels owner, Built model) {
      this.owner = owner;
      this.model = model;
    }

    LocalModel local() {
      return model.local;
    }

    Refiner refiner() {
      return model.refiner;
    }

    @Override
    public void close() {
      owner.giveBack(model);
    }
  }

  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
