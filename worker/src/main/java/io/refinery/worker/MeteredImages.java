package io.refinery.worker;

import io.refinery.bundle.BundleException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Images that report how many each batch had.
 *
 * @param batches receives the number of images of each batch that was written
 */
record MeteredImages<B>(JobImages<B> images, IntConsumer batches) implements JobImages<B> {

  @Override
  public Optional<B> read(int max) throws BundleException {
    return images.read(max);
  }

  @Override
  public B refine(B batch) {
    return images.refine(batch);
  }

  @Override
  public int write(B batch) throws IOException {
    int count = images.write(batch);
    batches.accept(count);
    return count;
  }
}
