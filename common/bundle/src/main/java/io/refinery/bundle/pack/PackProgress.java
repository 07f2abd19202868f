package io.refinery.bundle.pack;

/** Is told how many images are done. */
@FunctionalInterface
public interface PackProgress {

  /**
   * @param done images so far
   * @param of all images
   */
  void packed(long done, long of);
}
