package io.refinery.bundle;

import java.util.ArrayList;
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

  /** More would make results and attributes too large. */
  private static final int MOST = 100;

  public RewriteReport {
    leftOut = leftOut.size() <= MOST ? List.copyOf(leftOut) : shortened(leftOut);
    remarks = List.copyOf(remarks.subList(0, Math.min(MOST, remarks.size())));
  }

  private static List<Omission> shortened(List<Omission> leftOut) {
    List<Omission> some = new ArrayList<>(leftOut.subList(0, MOST - 1));
    some.add(new Omission((leftOut.size() - some.size()) + " other things", "as above"));
    return List.copyOf(some);
  }
}
