package io.refinery.bundle.table;

import io.refinery.bundle.BundleException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The column of one heading in one or several tables, in the images' order. */
final class JoinedColumn {

  private final String heading;
  private final List<TableMatch> matches = new ArrayList<>();
  private final List<Integer> columns = new ArrayList<>();
  private boolean naming = true;

  JoinedColumn(String heading) {
    this.heading = heading;
  }

  /** Adds the column of another table. */
  void add(TableMatch match, int column) {
    matches.add(match);
    columns.add(column);
    naming = naming && match.isNaming(column);
  }

  /** Whether it repeats the images' names and nothing else. */
  boolean isNaming() {
    return naming;
  }

  String source() {
    String first = matches.get(0).table().file();
    return matches.size() == 1 ? first : first + " and " + (matches.size() - 1) + " more";
  }

  /**
   * Returns the label.
   *
   * @throws BundleException when an image has no cell, or several that differ
   */
  CellLabel label(String name, List<String> images, List<String> remarks) throws BundleException {
    int[] partOf = new int[images.size()];
    Arrays.fill(partOf, NameIndex.NONE);
    int[] rowOf = new int[images.size()];
    for (int part = 0; part < matches.size(); part++) {
      TableMatch match = matches.get(part);
      for (int place = 0; place < match.rows().length; place++) {
        int image = match.scope()[place];
        int row = match.rows()[place];
        if (partOf[image] == NameIndex.NONE) {
          partOf[image] = part;
          rowOf[image] = row;
        } else if (!cell(part, row).equals(cell(partOf[image], rowOf[image]))) {
          throw differing(images.get(image), partOf[image], part);
        }
      }
    }
    Examples missing = new Examples();
    NumberScan scan = new NumberScan();
    for (int image = 0; image < partOf.length; image++) {
      if (partOf[image] == NameIndex.NONE) {
        missing.add(images.get(image));
      } else {
        scan.add(cell(partOf[image], rowOf[image]));
      }
    }
    if (missing.count() > 0) {
      throw Faults.ambiguous(
          String.format(
              "Column %s of %s is missing for %d of %d images (%s); add it to their table, or give"
                  + " all of them a table",
              Examples.quoted(heading), source(), missing.count(), images.size(), missing.list()));
    }
    if (scan.hasDecimalCommas()) {
      remarks.add(
          "Label "
              + Examples.quoted(name)
              + " is text, because its numbers have decimal commas; write points for numbers");
    }
    return CellLabel.of(
        name, scan.type(), images.size(), image -> cell(partOf[image], rowOf[image]));
  }

  private BundleException differing(String image, int first, int second) {
    return Faults.ambiguous(
        String.format(
            "%s and %s differ in column %s for image %s; rename or remove one of the columns",
            Examples.quoted(matches.get(first).table().file()),
            Examples.quoted(matches.get(second).table().file()),
            Examples.quoted(heading),
            Examples.quoted(image)));
  }

  private String cell(int part, int row) {
    return matches.get(part).table().columns().get(columns.get(part)).get(row);
  }
}
