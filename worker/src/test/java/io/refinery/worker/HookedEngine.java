package io.refinery.worker;

import io.refinery.engine.Availability;
import io.refinery.engine.Device;
import io.refinery.engine.DeviceMemoryException;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.engine.onnx.OnnxRefiningEngine;
import io.refinery.image.ImageBatch;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import java.util.Map;

/** An engine that refines with ONNX Runtime, and does what a test wants before each batch. */
abstract class HookedEngine implements RefiningEngine {

  private final RefiningEngine engine = new OnnxRefiningEngine();

  /**
   * Returns an engine whose device has too little memory for larger batches.
   *
   * @param room the most pixel values of a batch
   */
  static HookedEngine withRoomFor(int room) {
    return new HookedEngine() {
      @Override
      void before(ImageBatch batch, boolean warmUp) {
        if (batch.pixels().length > room) {
          throw new DeviceMemoryException("out of memory", null);
        }
      }
    };
  }

  /** Returns an engine that does the same before every batch. */
  static HookedEngine before(Runnable each) {
    return new HookedEngine() {
      @Override
      void before(ImageBatch batch, boolean warmUp) {
        each.run();
      }
    };
  }

  /**
   * Called on the thread that refines; may fail the batch.
   *
   * @param warmUp whether this is a refiner's first batch
   */
  abstract void before(ImageBatch batch, boolean warmUp);

  @Override
  public String name() {
    return "hooked";
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
        before(synthetic, !warm);
        warm = true;
        return refiner.refine(synthetic);
      }

      @Override
      public void close() {
        refiner.close();
      }
    };
  }
}
