package io.refinery.worker;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.BundleWriter;
import io.refinery.concurrent.Handoff;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.worker.EngineThread.Turn;
import io.refinery.worker.Stages.Stage;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/**
 * Refines one bundle: decoding, refining and encoding run side by side, each on a thread of its
 * own, joined by short queues, so that the engine does not wait.
 */
final class Refinement {

  /** Batches between two stages: enough to bridge the encoding of one chunk of a bundle. */
  private static final int AHEAD = 4;

  /** Values of a batch at most; 64 feature maps of as many 32-bit floats are 256 MiB. */
  private static final int LARGEST_BATCH = 1 << 20;

  private final EngineThread engine;
  private final Executor decoders;
  private final Stages stages;
  private final Handoff<ImageBatch> decoded = new Handoff<>(AHEAD);
  private final Handoff<ImageBatch> refined = new Handoff<>(AHEAD);

  /**
   * @param decoders has a thread at once for whatever it is given
   */
  Refinement(EngineThread engine, Executor decoders, Stages stages) {
    this.engine = engine;
    this.decoders = decoders;
    this.stages = stages;
  }

  /** The images of a batch: as many as asked for, fewer where they are large. */
  static int batchSize(int wanted, ImageShape shape) {
    return Math.max(1, Math.min(wanted, LARGEST_BATCH / shape.values()));
  }

  /**
   * Refines all that {@code reader} gives into {@code writer}, which it does not finish. When it
   * returns or throws, none of the three is in use any more.
   *
   * @param progress told the number of images written so far, after every batch
   * @return number of images
   * @throws InterruptedException when the job is given up
   */
  long run(
      BundleReader reader, Refiner refiner, BundleWriter writer, int batch, LongConsumer progress)
      throws BundleException, IOException, InterruptedException {
    CountDownLatch decoding = new CountDownLatch(1);
    decoders.execute(
        () -> {
          try {
            decode(reader, batch);
          } finally {
            decoding.countDown();
          }
        });
    Turn turn = engine.run(() -> refine(refiner));
    try {
      return encode(writer, progress);
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } finally {
      IllegalStateException over = new IllegalStateException("The job is over");
      decoded.fail(over);
      refined.fail(over);
      turn.end();
      Waiting.forEver(decoding);
    }
  }

  private void decode(BundleReader reader, int batch) {
    try {
      Optional<ImageBatch> next = stages.time(Stage.DECODE, () -> reader.read(batch));
      while (next.isPresent()) {
        decoded.put(next.get());
        next = stages.time(Stage.DECODE, () -> reader.read(batch));
      }
      decoded.end();
    } catch (Throwable e) { // An OutOfMemoryError too is the job's end, not the worker's.
      decoded.fail(e);
    }
  }

  private void refine(Refiner refiner) {
    try {
      for (Optional<ImageBatch> next = decoded.take(); next.isPresent(); next = decoded.take()) {
        ImageBatch synthetic = next.get();
        refined.put(stages.time(Stage.REFINE, () -> refiner.refine(synthetic)));
      }
      refined.end();
    } catch (ExecutionException e) {
      refined.fail(e.getCause());
    } catch (Throwable e) { // As above.
      refined.fail(e);
      decoded.fail(e);
    }
  }

  private long encode(BundleWriter writer, LongConsumer progress)
      throws IOException, InterruptedException, ExecutionException {
    long images = 0;
    for (Optional<ImageBatch> next = refined.take(); next.isPresent(); next = refined.take()) {
      ImageBatch batch = next.get();
      stages.time(
          Stage.ENCODE,
          () -> {
            writer.write(batch);
            return batch;
          });
      images += batch.count();
      progress.accept(images);
    }
    return images;
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
