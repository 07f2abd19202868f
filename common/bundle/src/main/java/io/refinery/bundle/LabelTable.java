package io.refinery.bundle;

import io.jhdf.object.datatype.FloatingPoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The labels.csv of a ZIP: a header, then one row per image. The first column holds the image's
 * name or the last part of it; if it does not, rows are in the images' order.
 */
final class LabelTable {

  /** Numbers that survive a round trip through float64, exactly or nearly so. */
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d{0,14})(\\.\\d{1,15})?([eE][-+]?\\d{1,2})?");

  private LabelTable() {}

  /** Returns the names of the labels: the header without its first column. */
  static List<String> names(InputStream stream) throws IOException {
    try (CSVParser csv = parse(stream)) {
      Iterator<CSVRecord> records = csv.iterator();
      if (!records.hasNext()) {
        return List.of();
      }
      List<String> heading = records.next().toList();
      return List.copyOf(heading.subList(Math.min(1, heading.size()), heading.size()));
    }
  }

  /** Returns the table's columns, and the images' names as the label {@code path}. */
  static List<Column> columns(ZipBundle bundle) throws BundleException {
    List<String> names = new ArrayList<>();
    for (Iterator<ZipEntry> images = bundle.images(); images.hasNext(); ) {
      names.add(images.next().getName());
    }
    List<Column> columns = new ArrayList<>();
    if (bundle.labelName().isPresent()) {
      List<List<String>> rows =
          ParserErrors.guard("The file labels.csv", () -> read(bundle.labelStream().orElseThrow()));
      if (!rows.isEmpty()) {
        List<List<String>> ordered = order(rows.subList(1, rows.size()), names);
        for (int c = 1; c < rows.get(0).size(); c++) {
          int column = c;
          String name = rows.get(0).get(c).isBlank() ? "column_" + c : rows.get(0).get(c);
          columns.add(column(name, ordered.stream().map(row -> row.get(column)).toList()));
        }
      }
    }
    if (columns.stream().noneMatch(column -> column.name().equals("path"))) {
      columns.add(Label.strings("path", names).column());
    }
    return columns;
  }

  private static CSVParser parse(InputStream stream) throws IOException {
    Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8);
    return CSVFormat.DEFAULT.builder().setIgnoreEmptyLines(true).get().parse(reader);
  }

  private static List<List<String>> read(InputStream stream) throws BundleException, IOException {
    List<List<String>> rows = new ArrayList<>();
    try (CSVParser csv = parse(stream)) {
      for (CSVRecord record : csv) {
        List<String> row = record.toList();
        if (!rows.isEmpty() && row.size() != rows.get(0).size()) {
          throw ParserErrors.unreadable(
              "Line "
                  + record.getRecordNumber()
                  + " of labels.csv has "
                  + row.size()
                  + " columns, but its header has "
                  + rows.get(0).size());
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /** Returns the rows in the order of the images. */
  private static List<List<String>> order(List<List<String>> rows, List<String> names)
      throws BundleException {
    for (Function<String, String> part :
        List.<Function<String, String>>of(n -> n, LabelTable::last)) {
      Map<String, List<String>> byName = new HashMap<>();
      rows.forEach(row -> byName.put(part.apply(row.get(0)), row));
      if (names.stream().allMatch(name -> byName.containsKey(part.apply(name)))) {
        return names.stream().map(name -> byName.get(part.apply(name))).toList();
      }
    }
    if (rows.size() == names.size()) {
      return rows;
    }
    throw ParserErrors.unreadable(
        "labels.csv has "
            + rows.size()
            + " rows for "
            + names.size()
            + " images, and its first column does not name every image");
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private static Column column(String name, List<String> cells) {
    String path = name.replaceAll("/{2,}", "/").replaceAll("^/|/$", "");
    return cells.stream().allMatch(cell -> NUMBER.matcher(cell).matches())
        ? new Doubles(path, cells.stream().mapToDouble(Double::parseDouble).toArray())
        : Label.strings(path, cells).column();
  }

  private static final class Doubles implements Column {

    private final String name;
    private final double[] values;

    Doubles(String name, double[] values) {
      this.name = name;
      this.values = values;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public HdfType type() {
      return HdfType.of(FloatingPoint.DOUBLE);
    }

    @Override
    public long[] rowDims() {
      return new long[0];
    }

    @Override
    public void read(long from, int count, byte[] into) {
      ByteBuffer.wrap(into)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asDoubleBuffer()
          .put(values, Math.toIntExact(from), count);
    }

    @Override
    public byte[][] readVariable(long from, int count) {
      throw new UnsupportedOperationException("Numbers have a fixed length");
    }
  }
}
