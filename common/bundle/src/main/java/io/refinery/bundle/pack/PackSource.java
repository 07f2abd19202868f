package io.refinery.bundle.pack;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.Omission;
import java.io.IOException;
import java.util.List;

/** Images to make into a bundle, and their labels. */
interface PackSource extends AutoCloseable {

  int count();

  /** Returns the size of an image, without its pixels. */
  PackOptions.Size size(int image) throws BundleException, IOException;

  /** Returns an image; images are read in order. */
  Picture read(int image) throws BundleException, IOException;

  /** Returns the labels, one row per image, in the images' order. */
  List<PackLabel> labels() throws BundleException, IOException;

  /** Returns what of the source is neither an image nor a label. */
  List<Omission> leftOut();

  List<String> remarks();

  @Override
  void close() throws IOException;
}
