package io.refinery.trainer.feed;

import io.refinery.bundle.BundleException;
import io.refinery.image.ImageBatch;

/** An endless supply of one domain's images. */
@FunctionalInterface
public interface ImageSource {

  /**
   * The next images, fresh: none was handed out before its domain has been gone through once.
   *
   * @param count exactly as many
   */
  ImageBatch next(int count) throws BundleException;
}
