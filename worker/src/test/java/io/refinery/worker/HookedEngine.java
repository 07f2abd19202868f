package io.refinery.worker;

import io.refinery.engine.Availability;
import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.engine.onnx.OnnxRefiningEngine;
import io.refinery.image.ImageBatch;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import java.util.Map;

/**
 * An engine that does something before each batch, also before the one that warms it up.
 *
 * @param before run on the thread that refines
 */
record HookedEngine(RefiningEngine engine, Runnable before) implements RefiningEngine {

  HookedEngine(Runnable before) {
    this(new OnnxRefiningEngine(), before);
  }

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
      @Override
      public ImageBatch refine(ImageBatch synthetic) {
        before.run();
        return refiner.refine(synthetic);
      }

      @Override
      public void close() {
        refiner.close();
      }
    };
  }
}
