package io.refinery.bundle;

import java.util.List;

/**
 * How a copy of a bundle differs from its source, other than in its images.
 *
 * @param leftOut when the copy has the source's format, only metadata of image files that PNG
 *     cannot hold
 * @param remarks sentences, such as {@code labels.csv is matched by order}
 */
public record RewriteReport(List<Omission> leftOut, List<String> remarks) {

  /** The report of a copy that holds everything. */
  static final RewriteReport COMPLETE = new RewriteReport(List.of(), List.of());

  public RewriteReport {
    leftOut = List.copyOf(leftOut);
    remarks = List.copyOf(remarks);
  }
}
