package io.refinery.trainer.feed;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.BundleInfo;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.NumericLabel;
import io.refinery.image.ImageBatch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads several bundles as one. While one is read, the next is fetched; {@link #info} is that of
 * the bundle being read, for the others are not known yet.
 */
final class ChainedReader implements BundleReader {

  private final List<BundleFile> files;
  private final ExecutorService fetcher =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "refinery-fetch");
            thread.setDaemon(true);
            return thread;
          });
  private int opened;
  private BundleReader current;
  private Future<Path> next;

  /** Images of the bundles before the current one. */
  private long before;

  /**
   * @param files at least one
   * @throws BundleException naming the first bundle where it cannot be read
   */
  ChainedReader(List<BundleFile> files) throws BundleException {
    this.files = files;
    try {
      next = fetcher.submit(files.get(0)::fetch);
      current = openNext();
    } catch (BundleException | RuntimeException e) {
      fetcher.shutdownNow();
      throw e;
    }
  }

  private BundleReader openNext() throws BundleException {
    String name = files.get(opened).name();
    try {
      BundleReader reader = Bundles.open(next.get(), BundleLimits.DEFAULT);
      opened++;
      if (opened < files.size()) {
        next = fetcher.submit(files.get(opened)::fetch);
      }
      return reader;
    } catch (BundleException e) {
      throw named(name, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new BundleException(
          BundleFault.UNREADABLE, name + " cannot be fetched: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while fetching " + name, e);
    }
  }

  @Override
  public BundleInfo info() {
    return current.info();
  }

  @Override
  public Optional<ImageBatch> read(int max) throws BundleException {
    while (true) {
      try {
        Optional<ImageBatch> images = current.read(max);
        if (images.isPresent() || opened == files.size()) {
          return images;
        }
      } catch (BundleException e) {
        throw named(files.get(opened - 1).name(), e);
      }
      BundleReader following = openNext();
      requireOneShape(following);
      before += current.info().count();
      current.close();
      current = following;
    }
  }

  private void requireOneShape(BundleReader following) throws BundleException {
    if (!following.info().shape().equals(current.info().shape())) {
      following.close();
      throw new BundleException(
          BundleFault.MIXED_SIZES,
          "All bundles of a domain have one shape: the images of "
              + files.get(opened - 2).name()
              + " are "
              + current.info().shape()
              + ", those of "
              + files.get(opened - 1).name()
              + " are "
              + following.info().shape());
    }
  }

  private static BundleException named(String name, BundleException e) {
    return new BundleException(e.fault(), name + ": " + e.getMessage(), e);
  }

  /** A label that the first bundle has; images of others that lack it are not labelled. */
  @Override
  public Optional<NumericLabel> numbers(String label) throws BundleException {
    return current.numbers(label).map(first -> new ChainedLabel(label, first.columns()));
  }

  /** A label of whichever bundle is being read. */
  private final class ChainedLabel implements NumericLabel {

    private final String name;
    private final int columns;

    /** Looked up once a bundle. */
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
        ofCurrent = current.numbers(name).filter(label -> label.columns() == columns);
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
    fetcher.shutdownNow();
  }
}
