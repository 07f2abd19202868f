package io.refinery.bundle;

import io.jhdf.dataset.DatasetReader;
import io.jhdf.object.datatype.CompoundDataType;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.OrderedDataType;
import io.jhdf.object.datatype.VariableLength;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A column as text, read in blocks of rows. */
final class ColumnText {

  private static final int BLOCK_ELEMENTS = 4096;

  private final Column column;
  private final int elements;
  private final int blockRows;
  private long start;
  private String[] block = {};

  ColumnText(Column column) {
    this.column = column;
    this.elements = column.rowElements();
    this.blockRows = Math.max(1, BLOCK_ELEMENTS / Math.max(1, elements));
  }

  /** Whether the column holds one string per image. */
  static boolean isText(Column column) throws BundleException {
    if (column.rowElements() != 1) {
      return false;
    }
    HdfType type = column.type();
    return type.isFixedString()
        || ParserErrors.guard("Label '" + column.name() + "'", () -> isVariableText(type));
  }

  private static boolean isVariableText(HdfType type) {
    return type.isVariable()
        && type.parsed() instanceof VariableLength value
        && value.isVariableLengthString();
  }

  /** Returns one heading per element of a row. */
  List<String> headings() {
    return column.rowDims().length == 0
        ? List.of(column.name())
        : IntStream.range(0, elements).mapToObj(i -> column.name() + "_" + i).toList();
  }

  /**
   * Returns the cells of one row.
   *
   * @param count number of all rows
   */
  List<String> row(long row, long count) throws BundleException {
    if (block.length == 0 || row < start || row >= start + block.length / elements) {
      int rows = (int) Math.min(blockRows, count - row);
      block = ParserErrors.guard("Label '" + column.name() + "'", () -> load(row, rows));
      start = row;
    }
    int from = (int) (row - start) * elements;
    return List.of(block).subList(from, from + elements);
  }

  private String[] load(long from, int rows) throws BundleException {
    DataType type = column.type().parsed();
    if (type instanceof VariableLength variable && variable.isVariableLengthString()) {
      byte[][] values = column.readVariable(from, rows);
      String[] texts = new String[values.length];
      for (int i = 0; i < texts.length; i++) {
        texts[i] = decoded(values[i], values[i].length);
      }
      return texts;
    }
    if (type instanceof VariableLength || type instanceof CompoundDataType) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "Label '" + column.name() + "' cannot be written to labels.csv; request HDF5");
    }
    int count = Math.multiplyExact(rows, elements);
    byte[] bytes = new byte[Math.multiplyExact(count, type.getSize())];
    column.read(from, rows, bytes);
    if (column.type().isFixedString()) {
      return fixed(bytes, count);
    }
    ByteOrder order =
        type instanceof OrderedDataType ordered ? ordered.getByteOrder() : ByteOrder.LITTLE_ENDIAN;
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
    Object values = DatasetReader.readDataset(type, buffer, new int[] {count}, null);
    String[] texts = new String[count];
    for (int i = 0; i < count; i++) {
      texts[i] = text(Array.get(values, i));
    }
    return texts;
  }

  /** Returns strings of a fixed size, which end with zeros or are padded with spaces. */
  private String[] fixed(byte[] bytes, int count) throws BundleException {
    int size = bytes.length / count;
    boolean spaces = column.type().padding() == ' ';
    String[] texts = new String[count];
    for (int i = 0; i < count; i++) {
      byte[] text = Arrays.copyOfRange(bytes, i * size, (i + 1) * size);
      int end = spaces ? size : 0;
      while (spaces ? end > 0 && text[end - 1] == ' ' : end < size && text[end] != 0) {
        end += spaces ? -1 : 1;
      }
      texts[i] = decoded(text, end);
    }
    return texts;
  }

  private String decoded(byte[] text, int length) throws BundleException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(text, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "Label '"
              + column.name()
              + "' has text that is not UTF-8, which labels.csv cannot hold; request HDF5",
          e);
    }
  }

  private String text(Object value) throws BundleException {
    if (value.getClass().isArray()) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "Label '" + column.name() + "' cannot be written to labels.csv; request HDF5");
    }
    return value.toString();
  }
}
