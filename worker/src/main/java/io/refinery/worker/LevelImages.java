package io.refinery.worker;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.BundleWriter;
import io.refinery.engine.Refiner;
import io.refinery.image.LevelBatch;
import java.io.IOException;
import java.util.Optional;

/** 8-bit images that are only refined, without any preparation: they stay bytes throughout. */
record LevelImages(BundleReader bundle, Refiner refiner, BundleWriter output)
    implements JobImages<LevelBatch> {

  @Override
  public Optional<LevelBatch> read(int max) throws BundleException {
    return bundle.readLevels(max);
  }

  @Override
  public LevelBatch refine(LevelBatch batch) {
    return refiner.refine(batch);
  }

  @Override
  public int write(LevelBatch batch) throws IOException {
    output.write(batch);
    return batch.count();
  }
}
