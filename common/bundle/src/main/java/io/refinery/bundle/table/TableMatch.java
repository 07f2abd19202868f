package io.refinery.bundle.table;

import java.util.Optional;

/** Which row of a table belongs to which image. */
final class TableMatch {

  private final Table table;
  private final Optional<Integer> column;
  private final NameKey key;
  private final boolean same;
  private final int[] scope;
  private final int[] rows;

  /**
   * Creates a match.
   *
   * @param column the column that names the images; empty when they are matched by order
   * @param key what of the names was compared
   * @param same whether each cell of the column is the image's name letter for letter, with or
   *     without folders, so that the column says nothing else
   * @param scope the numbers of the images that the table is for
   * @param rows the row of each of them
   */
  TableMatch(
      Table table, Optional<Integer> column, NameKey key, boolean same, int[] scope, int[] rows) {
    this.table = table;
    this.column = column;
    this.key = key;
    this.same = same;
    this.scope = scope;
    this.rows = rows;
  }

  Table table() {
    return table;
  }

  Optional<Integer> column() {
    return column;
  }

  NameKey key() {
    return key;
  }

  /** Whether this column names the images and says nothing else. */
  boolean isNaming(int other) {
    return same && column.filter(name -> name == other).isPresent();
  }

  int[] scope() {
    return scope;
  }

  int[] rows() {
    return rows;
  }

  /** Returns a remark on a match that is not exact. */
  Optional<String> remark() {
    if (column.isEmpty()) {
      return Optional.of(table.file() + " is matched by order");
    }
    return key.isLoose()
        ? Optional.of(
            String.format(
                "%s is matched by %s (column %s)",
                table.file(),
                key.description(),
                Examples.quoted(table.headings().get(column.get()))))
        : Optional.empty();
  }

  /** Returns how the images were found, for a description. */
  String how() {
    return column.isEmpty() ? "by order" : "by " + key.description();
  }
}
