package io.refinery.worker;

import io.refinery.engine.Availability;
import io.refinery.engine.Device;
import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.EngineException;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.engine.onnx.OnnxRefiningEngine;
import io.refinery.image.ImageBatch;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine that refines a batch only when allowed, and counts the batches it has. */
final class GatedEngine implements RefiningEngine {

  private final RefiningEngine engine = new OnnxRefiningEngine();
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
  public String name() {
    return "gated";
  }

  @Override
  public int speed(Device device) {
    return engine.speed(device);
  }

  @Override
  public Map<String, String> natives() {
    return engine.natives();
  }

  @Override
  public Availability availability(Device device) {
    return engine.availability(device);
  }

  @Override
  public RefinerFile file(Precision precision) {
    return engine.file(precision);
  }

  @Override
  public Refiner refiner(RefinerFiles model, Device device, Precision precision) {
    Refiner refiner = engine.refiner(model, device, precision);
    return new Refiner() {
      private boolean warm;

      @Override
      public ImageBatch refine(ImageBatch synthetic) {
        if (warm) {
          pass();
        }
        warm = true;
        return refiner.refine(synthetic);
      }

      @Override
      public void close() {
        refiner.close();
      }
    };
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
