package io.refinery.worker;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleInfo;
import io.refinery.bundle.BundleReader;
import io.refinery.image.ImageBatch;
import io.refinery.image.Preprocessing;
import java.util.Optional;

/**
 * A bundle's images as a version wants them. They are prepared where they are decoded, so that the
 * engine does not wait for it.
 */
final class PreparedImages implements BundleReader {

  private final BundleReader bundle;
  private final Preprocessing preprocessing;

  PreparedImages(BundleReader bundle, Preprocessing preprocessing) {
    this.bundle = bundle;
    this.preprocessing = preprocessing;
  }

  @Override
  public BundleInfo info() {
    return bundle.info();
  }

  @Override
  public Optional<ImageBatch> read(int max) throws BundleException {
    return bundle.read(max).map(preprocessing::apply);
  }

  @Override
  public void close() {
    bundle.close();
  }
}
