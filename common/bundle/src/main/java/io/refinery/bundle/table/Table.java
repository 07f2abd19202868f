package io.refinery.bundle.table;

import java.util.List;

/**
 * A table as it is in a file.
 *
 * @param file the name of the file
 * @param headings one per column
 * @param columns all with the same number of cells
 */
record Table(String file, List<String> headings, List<PackedText> columns) {

  Table {
    headings = List.copyOf(headings);
    columns = List.copyOf(columns);
  }

  int rows() {
    return columns.get(0).size();
  }

  String folder() {
    return FileNames.slashes(FileNames.folder(file));
  }
}
