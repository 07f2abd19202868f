package io.refinery.bundle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The headings of a table of labels. */
final class TableHeadings {

  private TableHeadings() {}

  /**
   * Returns a heading for the images' names, then one per number or text of every label.
   *
   * @throws BundleException when two labels have one heading, such as {@code a_0}, and {@code a} of
   *     several columns
   */
  static List<String> of(List<ColumnText> labels) throws BundleException {
    List<String> headings = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (ColumnText label : labels) {
      for (String heading : label.headings()) {
        // A reader does not tell them apart by the blanks around them.
        if (heading.isBlank() || !taken.add(heading.strip())) {
          throw new BundleException(
              BundleFault.UNSUPPORTED,
              "Two labels would have the column '"
                  + heading
                  + "' of labels.csv; rename one, or request HDF5");
        }
        headings.add(heading);
      }
    }
    String name = "name";
    for (int i = 0; taken.contains(name); i++) {
      name = i == 0 ? "image_name" : "image_name_" + i;
    }
    headings.add(0, name);
    return headings;
  }
}
