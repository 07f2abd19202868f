package io.refinery.bundle;

import io.refinery.image.ImageBatch;
import io.refinery.image.LevelBatch;
import java.io.IOException;

/**
 * Writes a bundle image by image. Memory use does not grow with the number of images. Not
 * thread-safe.
 */
public interface BundleWriter extends AutoCloseable {

  /** Adds the next images, in [-1, 1]; they are stored in the bundle's pixel type. */
  void write(ImageBatch images) throws IOException;

  /** Adds the next images; they are stored in the bundle's pixel type. */
  default void write(LevelBatch images) throws IOException {
    write(images.toImages());
  }

  /**
   * Completes the file. Without this call, {@link #close} discards it.
   *
   * @throws IllegalStateException when fewer images were written than the bundle was created for
   */
  void finish() throws IOException;

  /** Returns how the bundle differs from the one that it copies; complete after the last image. */
  default RewriteReport report() {
    return RewriteReport.COMPLETE;
  }

  @Override
  void close() throws IOException;
}
