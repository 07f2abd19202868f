package io.refinery.benchmark;

import io.refinery.engine.Availability;
import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.image.ImageBatch;
import io.refinery.image.LevelBatch;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A load model of an engine on a device of its own: it takes a fixed time per image, uses no CPU
 * time, and returns the images as they are. So a few cores can run workers for many devices.
 */
final class LoadEngine implements RefiningEngine {

  private final long microsPerImage;

  /**
   * @param microsPerImage duration of one image, in microseconds
   */
  LoadEngine(long microsPerImage) {
    this.microsPerImage = microsPerImage;
  }

  @Override
  public String name() {
    return "load model";
  }

  @Override
  public int speed(Device device) {
    return 0;
  }

  @Override
  public Map<String, String> natives() {
    return Map.of();
  }

  @Override
  public Availability availability(Device device) {
    return new Availability.Available(name());
  }

  @Override
  public RefinerFile file(Precision precision) {
    return RefinerFile.ONNX;
  }

  @Override
  public Refiner refiner(RefinerFiles model, Device device, Precision precision) {
    return new Refiner() {
      @Override
      public ImageBatch refine(ImageBatch synthetic) {
        take(synthetic.count());
        return synthetic;
      }

      @Override
      public LevelBatch refine(LevelBatch synthetic) {
        take(synthetic.count());
        return synthetic;
      }

      @Override
      public void close() {
        // Holds nothing.
      }
    };
  }

  private void take(int images) {
    try {
      boolean unused = new CountDownLatch(1).await(images * microsPerImage, TimeUnit.MICROSECONDS);
    } catch (InterruptedException e) {
      throw new EngineException("Interrupted", e);
    }
  }
}
