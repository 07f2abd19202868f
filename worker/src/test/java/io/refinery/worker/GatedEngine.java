package io.refinery.worker;

import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.EngineException;
import io.refinery.image.ImageBatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine that refines a batch only when allowed, and counts the batches it has. */
final class GatedEngine extends HookedEngine {

  private final Semaphore permits = new Semaphore(0);
  private volatile boolean lost;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger batches = new AtomicInteger();

  /** Allows it to refine this many more batches. */
  void let(int count) {
    permits.release(count);
  }

  /** Loses its device permanently and fails waiting batches. */
  void lose() {
    lost = true;
    permits.release();
  }

  /** Returns the number of batches it refines or waits to refine, excluding warm-ups. */
  int begun() {
    return waiting.get();
  }

  int refined() {
    return batches.get();
  }

  @Override
  void before(ImageBatch batch, boolean warmUp) {
    if (!warmUp) {
      pass();
    }
  }

  private void pass() {
    waiting.incrementAndGet();
    try {
      if (!permits.tryAcquire(WorkerFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new EngineException("The engine was not allowed to refine in time");
      }
    } catch (InterruptedException e) {
      throw new EngineException("Interrupted", e);
    }
    if (lost) {
      throw new DeviceFailedException("an illegal memory access was encountered", null);
    }
    batches.incrementAndGet();
  }
}
