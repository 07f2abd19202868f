package io.refinery.console;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.Availability;
import io.refinery.engine.Device;
import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.Estimator;
import io.refinery.engine.EstimatorSpec;
import io.refinery.engine.PairSpec;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.engine.TrainingEngine;
import io.refinery.image.ImageBatch;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import java.util.Map;

/** An engine whose device is lost on first use. */
public final class DoomedEngine implements RefiningEngine, TrainingEngine {

  static final String NAME = "doomed";

  static final String TROUBLE = "an illegal memory access was encountered";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int speed(Device device) {
    return 1;
  }

  @Override
  public Map<String, String> natives() {
    return Map.of();
  }

  @Override
  public Availability availability(Device device) {
    return new Availability.Available(NAME);
  }

  @Override
  public RefinerFile file(Precision precision) {
    return RefinerFile.WEIGHTS;
  }

  @Override
  public Refiner refiner(RefinerFiles model, Device device, Precision precision) {
    return new Refiner() {
      @Override
      public ImageBatch refine(ImageBatch synthetic) {
        throw lost();
      }

      @Override
      public void close() {
        throw new AssertionError("Memory on a lost device must not be freed");
      }
    };
  }

  @Override
  public AdversarialPair pair(PairSpec spec, Device device) {
    throw lost();
  }

  @Override
  public Estimator estimator(EstimatorSpec spec, Device device) {
    throw lost();
  }

  private static DeviceFailedException lost() {
    return new DeviceFailedException(TROUBLE, null);
  }
}
