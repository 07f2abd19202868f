package io.refinery.bundle.pack;

import io.refinery.bundle.Omission;
import io.refinery.image.ImageShape;
import java.util.List;

/**
 * What was made into a bundle, and what was not.
 *
 * @param labels the names of the bundle's labels
 * @param leftOut what of the source is not in the bundle
 * @param remarks sentences about how labels were matched and images changed
 */
public record PackReport(
    long images,
    ImageShape shape,
    List<String> labels,
    List<Omission> leftOut,
    List<String> remarks) {

  public PackReport {
    labels = List.copyOf(labels);
    leftOut = List.copyOf(leftOut);
    remarks = List.copyOf(remarks);
  }
}
