package io.refinery.benchmark;

import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelRegistry;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a worker asks of the store for each job, without a broker and without any work on images. It
 * bounds how many jobs per second are possible with that store.
 */
final class StoreRequests {

  /** A result is smaller than this, in bytes. */
  private static final int RESULT = 2000;

  private final ObjectStorage storage;
  private final ModelReference model;
  private final ObjectRef input;
  private final Path folder;

  /**
   * @param folder for copies of the input
   */
  StoreRequests(ObjectStorage storage, ModelReference model, ObjectRef input, Path folder) {
    this.storage = storage;
    this.model = model;
    this.input = input;
    this.folder = folder;
  }

  /**
   * Makes the requests of many jobs.
   *
   * @param name begins the names of what is stored
   * @param atATime jobs at the same time
   * @return jobs per second
   */
  double perSecond(String name, int jobs, int atATime) throws IOException {
    AtomicInteger next = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(atATime);
    long start = System.nanoTime();
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < atATime; thread++) {
        Path file = folder.resolve(name + thread);
        running.add(
            threads.submit(
                () -> {
                  for (int job = next.getAndIncrement(); job < jobs; job = next.getAndIncrement()) {
                    request(name + job, file);
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("The store failed", e.getCause());
    } catch (InterruptedException e) {
      throw new IOException("Interrupted", e);
    } finally {
      threads.shutdownNow();
    }
    return jobs / ((System.nanoTime() - start) / 1e9);
  }

  private void request(String job, Path file) {
    ObjectRef claim = new ObjectRef(input.bucket(), "results/" + job + ".json");
    ObjectRef output = new ObjectRef(input.bucket(), "refined/" + job + ".h5");
    requireMissing(claim);
    new ModelRegistry(storage, input.bucket(), ModelRegistry.PREFIX).resolve(model);
    storage.download(input, file, Long.MAX_VALUE);
    storage.upload(output, file);
    storage.download(output, file, size(file));
    if (storage.putIfAbsent(claim, new byte[RESULT]).isEmpty()) {
      throw new IllegalStateException(claim + " was written twice");
    }
  }

  private void requireMissing(ObjectRef claim) {
    try {
      throw new IllegalStateException(
          claim + " is there: " + storage.read(claim, RESULT).bytes().length + " bytes");
    } catch (StorageException e) {
      if (e.kind() != StorageException.Kind.NOT_FOUND) {
        throw e;
      }
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
