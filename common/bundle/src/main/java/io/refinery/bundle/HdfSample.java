package io.refinery.bundle;

import java.util.List;
import java.util.stream.Collectors;

/** Describes the values of a label by its first rows. */
final class HdfSample {

  private static final int ROWS = 1000;
  private static final int ELEMENTS = 1 << 16;
  private static final int EXAMPLES = 3;
  private static final int LONGEST = 40;
  private static final int MOST_CELLS = 4;

  private HdfSample() {}

  /** Returns {@code , 0.1 to 0.9 (first 1000), such as 0.3; 0.2; 0.5}. */
  static String describe(Column label, long count) {
    try {
      boolean numbers = label.type().isNumber();
      if (!numbers && !ColumnText.isText(label) && !label.type().isEnum()) {
        return "";
      }
      ColumnText text = new ColumnText(label);
      int rows = (int) Math.min(count, Math.max(1, ELEMENTS / label.rowElements()));
      rows = Math.min(rows, ROWS);
      StringBuilder examples = new StringBuilder();
      double least = Double.NaN;
      double greatest = Double.NaN;
      for (int row = 0; row < (numbers ? rows : Math.min(rows, EXAMPLES)); row++) {
        List<String> cells = text.row(row, count);
        if (row < EXAMPLES) {
          examples.append(row == 0 ? ", such as " : "; ").append(example(cells, numbers));
        }
        for (String cell : numbers ? cells : List.<String>of()) {
          double value = Double.parseDouble(cell);
          least = value < least || Double.isNaN(least) ? value : least;
          greatest = value > greatest || Double.isNaN(greatest) ? value : greatest;
        }
      }
      String range = numbers ? ", " + plain(least) + " to " + plain(greatest) : "";
      return range + (numbers && rows < count ? " (first " + rows + ")" : "") + examples;
    } catch (BundleException e) {
      return ", values not shown: " + e.getMessage();
    }
  }

  private static String example(List<String> cells, boolean numbers) {
    String text =
        cells.stream()
            .limit(MOST_CELLS)
            .map(cell -> numbers ? cell : "'" + shortened(cell) + "'")
            .collect(Collectors.joining(" "));
    return cells.size() > MOST_CELLS ? text + " ..." : text;
  }

  private static String shortened(String cell) {
    return cell.length() <= LONGEST ? cell : cell.substring(0, LONGEST) + "...";
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Float.toString((float) value);
  }
}
