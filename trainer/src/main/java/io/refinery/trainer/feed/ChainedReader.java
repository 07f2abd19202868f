package io.refinery.trainer.feed;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.BundleInfo;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.BundleOptions;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.NumericLabel;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import io.refinery.telemetry.LogLabels;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Reads several bundles as one. While one is read, the next is fetched. {@link #info} describes the
 * bundle being read, since the others are not known yet.
 */
final class ChainedReader implements BundleReader {

  private final List<BundleFile> files;
  private final BundleOptions options;
  private final ExecutorService fetcher =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(LogLabels.carried(task), "refinery-fetch");
            thread.setDaemon(true);
            return thread;
          });
  private int opened;
  private Opened current;
  private CompletableFuture<FetchedBundle> next;

  /** Number of images in the bundles before the current one. */
  private long before;

  /** A bundle being read, whose file stays in the cache meanwhile. */
  private record Opened(BundleReader reader, FetchedBundle file) implements AutoCloseable {
    @Override
    public void close() {
      reader.close();
      file.close();
    }
  }

  /**
   * @param files at least one
   * @param options of every bundle
   * @throws BundleException naming the first bundle if it cannot be read
   */
  ChainedReader(List<BundleFile> files, BundleOptions options) throws BundleException {
    this.files = files;
    this.options = options;
    try {
      next = fetch(files.get(0));
      current = openNext();
    } catch (BundleException | RuntimeException e) {
      stopFetching();
      throw e;
    }
  }

  private CompletableFuture<FetchedBundle> fetch(BundleFile file) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return file.fetch();
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        },
        fetcher);
  }

  /** Closes a fetched bundle that will not be read, now or when its download ends. */
  private void stopFetching() {
    fetcher.shutdownNow();
    CompletableFuture<Void> unused = next.thenAccept(FetchedBundle::close);
  }

  private Opened openNext() throws BundleException {
    String name = files.get(opened).name();
    FetchedBundle file = fetched(name);
    Opened bundle;
    try {
      bundle = new Opened(Bundles.open(file.path(), BundleLimits.DEFAULT, options), file);
    } catch (BundleException e) {
      file.close();
      throw named(name, e);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
    opened++;
    if (opened < files.size()) {
      next = fetch(files.get(opened));
    }
    return bundle;
  }

  private FetchedBundle fetched(String name) throws BundleException {
    try {
      return next.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new BundleException(
          BundleFault.UNREADABLE, "Cannot fetch " + name + ": " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while fetching " + name, e);
    }
  }

  @Override
  public BundleInfo info() {
    return current.reader().info();
  }

  @Override
  public Optional<ImageBatch> read(int max) throws BundleException {
    return next(reader -> reader.read(max));
  }

  @Override
  public Optional<LevelBatch> readLevels(int max) throws BundleException {
    return next(reader -> reader.readLevels(max));
  }

  /** Reads either kind of images. */
  @FunctionalInterface
  private interface Read<T> {
    Optional<T> from(BundleReader reader) throws BundleException;
  }

  private <T> Optional<T> next(Read<T> read) throws BundleException {
    while (true) {
      try {
        Optional<T> images = read.from(current.reader());
        if (images.isPresent() || opened == files.size()) {
          return images;
        }
      } catch (BundleException e) {
        throw named(files.get(opened - 1).name(), e);
      }
      Opened following = openNext();
      requireOneShape(following);
      before += info().count();
      current.close();
      current = following;
    }
  }

  private void requireOneShape(Opened following) throws BundleException {
    ImageShape shape = following.reader().info().shape();
    if (!shape.equals(info().shape())) {
      following.close();
      throw new BundleException(
          BundleFault.MIXED_SIZES,
          "All bundles of a domain must have images of one shape, but those of "
              + files.get(opened - 2).name()
              + " are "
              + info().shape()
              + ", those of "
              + files.get(opened - 1).name()
              + " are "
              + shape);
    }
  }

  private static BundleException named(String name, BundleException e) {
    return new BundleException(e.fault(), name + ": " + e.getMessage(), e);
  }

  /** A label of the first bundle; images of bundles without it are unlabelled. */
  @Override
  public Optional<NumericLabel> numbers(String label) throws BundleException {
    return current.reader().numbers(label).map(first -> new ChainedLabel(label, first.columns()));
  }

  /** A label of the bundle being read. */
  private final class ChainedLabel implements NumericLabel {

    private final String name;
    private final int columns;

    /** Looked up once per bundle. */
    private Optional<NumericLabel> ofCurrent = Optional.empty();

    private int lookedUp;

    ChainedLabel(String name, int columns) {
      this.name = name;
      this.columns = columns;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int columns() {
      return columns;
    }

    @Override
    public double[] read(long from, int rows) throws BundleException {
      if (lookedUp != opened) {
        ofCurrent = current.reader().numbers(name).filter(label -> label.columns() == columns);
        lookedUp = opened;
      }
      if (ofCurrent.isEmpty()) {
        double[] missing = new double[Math.multiplyExact(rows, columns)];
        Arrays.fill(missing, Double.NaN);
        return missing;
      }
      try {
        return ofCurrent.get().read(from - before, rows);
      } catch (BundleException e) {
        throw named(files.get(opened - 1).name(), e);
      }
    }
  }

  @Override
  public void close() {
    current.close();
    stopFetching();
  }
}
