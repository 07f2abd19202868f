package io.refinery.bundle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A numeric label made of one column, one element of a column, or several columns. */
final class ColumnNumbers implements NumericLabel {

  /** A range of a column's elements. */
  private record Part(Column column, ColumnText text, int from, int to) {
    static Part whole(Column column) {
      return new Part(column, new ColumnText(column), 0, column.rowElements());
    }
  }

  private final String name;
  private final List<Part> parts;
  private final long count;

  private ColumnNumbers(String name, List<Part> parts, long count) {
    this.name = name;
    this.parts = parts;
    this.count = count;
  }

  /** Does the work of {@link BundleReader#numbers} for a bundle of {@code count} images. */
  static Optional<NumericLabel> find(List<Column> columns, String name, long count)
      throws BundleException {
    List<Part> parts = new ArrayList<>();
    for (Column column : columns) {
      if (column.name().equals(name) && isNumeric(column)) {
        return Optional.of(new ColumnNumbers(name, List.of(Part.whole(column)), count));
      }
    }
    for (Column column : columns) {
      int number = numberAfter(column.name(), name);
      if (number >= 0 && number < column.rowElements() && isNumeric(column)) {
        parts.add(new Part(column, new ColumnText(column), number, number + 1));
        return Optional.of(new ColumnNumbers(name, parts, count));
      }
    }
    for (Optional<Column> next = column(columns, name, 0); next.isPresent(); ) {
      parts.add(Part.whole(next.get()));
      next = column(columns, name, parts.size());
    }
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(new ColumnNumbers(name, List.copyOf(parts), count));
  }

  /** Returns the i of {@code vector_i}, or -1 if {@code name} does not have this form. */
  private static int numberAfter(String vector, String name) {
    return name.startsWith(vector + "_") && name.substring(vector.length() + 1).matches("\\d{1,6}")
        ? Integer.parseInt(name.substring(vector.length() + 1))
        : -1;
  }

  private static Optional<Column> column(List<Column> columns, String vector, int number)
      throws BundleException {
    for (Column column : columns) {
      if (column.name().equals(vector + "_" + number)
          && column.rowElements() == 1
          && isNumeric(column)) {
        return Optional.of(column);
      }
    }
    return Optional.empty();
  }

  private static boolean isNumeric(Column column) throws BundleException {
    if (column.rowElements() == 0 || ColumnText.isText(column)) {
      return column.rowElements() == 1;
    }
    return column.type().isNumber();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int columns() {
    return parts.stream().mapToInt(part -> part.to() - part.from()).sum();
  }

  @Override
  public List<Integer> dims() {
    Part first = parts.get(0);
    boolean whole = parts.size() == 1 && first.to() - first.from() == first.column().rowElements();
    return whole
        ? Arrays.stream(first.column().rowDims()).mapToObj(Math::toIntExact).toList()
        : NumericLabel.super.dims();
  }

  @Override
  public double[] read(long from, int rows) throws BundleException {
    double[] values = new double[Math.multiplyExact(rows, columns())];
    int at = 0;
    for (int row = 0; row < rows; row++) {
      for (Part part : parts) {
        List<String> cells = part.text().row(from + row, count);
        for (String cell : cells.subList(part.from(), part.to())) {
          values[at++] = number(cell, from + row);
        }
      }
    }
    return values;
  }

  private double number(String cell, long image) throws BundleException {
    if (cell.isBlank() || cell.equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(cell);
    } catch (NumberFormatException e) {
      throw new BundleException(
          BundleFault.UNREADABLE,
          "Label '" + name + "' of image " + image + " is '" + cell + "', which is not a number",
          e);
    }
  }
}
