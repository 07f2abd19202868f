package io.refinery.trainer.feed;

import io.refinery.bundle.BundleException;
import io.refinery.image.ImageBatch;

/** An endless supply of one domain's images. */
@FunctionalInterface
public interface ImageSource {

  /**
   * Returns the next images. No image is returned a second time before every image of the domain
   * has been returned once.
   *
   * @param count number of images to return
   */
  ImageBatch next(int count) throws BundleException;
}
