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

/** An engine on a device whose memory holds a limited number of pixel values. */
final class SmallEngine implements RefiningEngine {

  private final RefiningEngine engine = new OnnxRefiningEngine();
  private final int room;

  SmallEngine(int room) {
    this.room = room;
  }

  @Override
  public String name() {
    return "small";
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
        if (synthetic.pixels().length > room) {
          throw new DeviceMemoryException("out of memory", null);
        }
        return refiner.refine(synthetic);
      }

      @Override
      public void close() {
        refiner.close();
      }
    };
  }
}
