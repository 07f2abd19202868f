package io.refinery.worker;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.BundleWriter;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.image.Preprocessing;
import java.io.IOException;
import java.util.Optional;

/** Images as floats. They are prepared on the decoding thread, so that the engine does not wait. */
record FloatImages(
    BundleReader bundle, Preprocessing preprocessing, Refiner refiner, BundleWriter output)
    implements JobImages<ImageBatch> {

  @Override
  public Optional<ImageBatch> read(int max) throws BundleException {
    return bundle.read(max).map(preprocessing::apply);
  }

  @Override
  public ImageBatch refine(ImageBatch batch) {
    return refiner.refine(batch);
  }

  @Override
  public int write(ImageBatch batch) throws IOException {
    output.write(batch);
    return batch.count();
  }
}
