package io.refinery.worker;

import io.refinery.bundle.BundleException;
import java.io.IOException;
import java.util.Optional;

/**
 * The images of one job, from its bundle to the refined bundle. Three threads use it, each calling
 * one of the methods.
 *
 * @param <B> a batch
 */
interface JobImages<B> {

  /** Returns the next batch in the refiner's format; empty after the last. */
  Optional<B> read(int max) throws BundleException;

  B refine(B batch);

  /** Adds a refined batch to the refined bundle and returns the number of its images. */
  int write(B batch) throws IOException;
}
