package io.refinery.worker;

import io.refinery.bundle.BundleException;
import java.io.IOException;
import java.util.Optional;

/**
 * The images of one job on their way from its bundle to the refined one. Each method is called by
 * one thread at a time, three different ones.
 *
 * @param <B> a batch
 */
interface JobImages<B> {

  /** The next batch, as the refiner wants it; empty after the last. */
  Optional<B> read(int max) throws BundleException;

  B refine(B batch);

  /** Adds a refined batch to the refined bundle, and says how many images it has. */
  int write(B batch) throws IOException;
}
