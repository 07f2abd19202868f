package io.refinery.faults;

import io.refinery.engine.Availability;
import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.image.ImageBatch;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An engine that negates images, so that an auditor knows every refined pixel, and takes a few
 * milliseconds per image, so that faults meet jobs at work.
 */
final class NegatingEngine implements RefiningEngine {

  private final long microsPerImage;

  /**
   * @param microsPerImage duration of one image, in microseconds
   */
  NegatingEngine(long microsPerImage) {
    this.microsPerImage = microsPerImage;
  }

  @Override
  public String name() {
    return "negating";
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
    int channels = model.network().channels();
    return new Refiner() {
      @Override
      public ImageBatch refine(ImageBatch synthetic) {
        Refiner.requireChannels(channels, synthetic.shape(), synthetic);
        take(synthetic.count() * microsPerImage);
        float[] pixels = synthetic.pixels().clone();
        for (int i = 0; i < pixels.length; i++) {
          pixels[i] = -pixels[i];
        }
        return new ImageBatch(synthetic.count(), synthetic.shape(), pixels);
      }

      @Override
      public void close() {
        // Holds nothing.
      }
    };
  }

  private static void take(long micros) {
    try {
      boolean unused = new CountDownLatch(1).await(micros, TimeUnit.MICROSECONDS);
    } catch (InterruptedException e) {
      throw new EngineException("Interrupted", e);
    }
  }
}
