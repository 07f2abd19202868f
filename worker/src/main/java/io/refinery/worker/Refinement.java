package io.refinery.worker;

import io.refinery.bundle.BundleException;
import io.refinery.concurrent.StageQueue;
import io.refinery.concurrent.Uninterruptibles;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageShape;
import io.refinery.message.JobPriority;
import io.refinery.telemetry.LogLabels;
import io.refinery.worker.EngineThread.Turn;
import io.refinery.worker.Stages.Stage;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Refines one bundle. Decoding, refining and encoding each run on their own thread, joined by short
 * queues, so that the engine does not wait.
 */
final class Refinement<B> {

  /** Batches between two stages: enough to bridge the encoding of one chunk of a bundle. */
  private static final int AHEAD = 4;

  /** The most values per batch; 64 feature maps of this many 32-bit floats take 256 MiB. */
  private static final int LARGEST_BATCH = 1 << 20;

  private final EngineThread engine;
  private final Executor decoders;
  private final Stages stages;
  private final JobImages<B> images;
  private final StageQueue<B> decoded = new StageQueue<>(AHEAD);
  private final StageQueue<B> refined = new StageQueue<>(AHEAD);

  /**
   * @param decoders must start every task at once
   */
  Refinement(EngineThread engine, Executor decoders, Stages stages, JobImages<B> images) {
    this.engine = engine;
    this.decoders = decoders;
    this.stages = stages;
    this.images = images;
  }

  /**
   * Returns the number of images in a batch: the requested one, or the one that the refiner is
   * fastest with; less for large images.
   */
  static int batchSize(OptionalInt wanted, Refiner refiner, ImageShape shape) {
    int images = wanted.orElseGet(() -> refiner.batch(shape));
    return Math.max(1, Math.min(images, LARGEST_BATCH / shape.values()));
  }

  /**
   * Refines all images. Nothing uses them after it returns or throws.
   *
   * @param batch number of images to read and refine at a time
   * @param priority the job's
   * @param progress receives the number of images written so far, after every batch
   * @return the number of images
   * @throws InterruptedException when the job is abandoned
   */
  long run(int batch, JobPriority priority, LongConsumer progress)
      throws BundleException, IOException, InterruptedException {
    CountDownLatch decoding = new CountDownLatch(1);
    decoders.execute(
        LogLabels.carried(
            () -> {
              try {
                decode(batch);
              } finally {
                decoding.countDown();
              }
            }));
    Supplier<Boolean> labelled = LogLabels.carriedWithResult(this::refineNext);
    stages.progress().waits();
    Turn turn = engine.run(priority, labelled::get);
    try {
      return encode(progress);
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } finally {
      IllegalStateException over = new IllegalStateException("The job has ended");
      decoded.fail(over);
      refined.fail(over);
      stages.progress().hasTurn();
      turn.end();
      Uninterruptibles.uninterruptibly(decoding);
    }
  }

  private void decode(int batch) {
    try {
      Optional<B> next = stages.time(Stage.DECODE, () -> images.read(batch));
      while (next.isPresent()) {
        decoded.put(next.get());
        next = stages.time(Stage.DECODE, () -> images.read(batch));
      }
      decoded.end();
    } catch (Throwable e) { // Even an OutOfMemoryError must end only the job, not the worker.
      decoded.fail(e);
    }
  }

  private boolean refineNext() {
    stages.progress().hasTurn();
    try {
      Optional<B> next = decoded.take();
      if (next.isEmpty()) {
        refined.end();
        return false;
      }
      B synthetic = next.get();
      refined.put(stages.time(Stage.REFINE, () -> images.refine(synthetic)));
      return true;
    } catch (ExecutionException e) {
      refined.fail(e.getCause());
    } catch (Throwable e) { // As above.
      refined.fail(e);
      decoded.fail(e);
    }
    return false;
  }

  private long encode(LongConsumer progress)
      throws IOException, InterruptedException, ExecutionException {
    long written = 0;
    for (Optional<B> next = refined.take(); next.isPresent(); next = refined.take()) {
      B batch = next.get();
      written += stages.time(Stage.ENCODE, () -> images.write(batch));
      progress.accept(written);
    }
    return written;
  }

  private static RuntimeException unwrapped(ExecutionException e)
      throws BundleException, IOException, InterruptedException {
    Throwable cause = e.getCause();
    if (cause instanceof BundleException bundle) {
      throw bundle;
    }
    if (cause instanceof IOException io) {
      throw io;
    }
    if (cause instanceof InterruptedException interrupted) {
      throw interrupted;
    }
    if (cause instanceof RuntimeException runtime) {
      return runtime;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(cause);
  }
}
