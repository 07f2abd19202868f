package io.refinery.bundle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A label for every image of a new bundle. */
public final class Label {

  private final Column column;
  private final long count;

  private Label(Column column, long count) {
    this.column = column;
    this.count = count;
  }

  /**
   * Creates a label of numbers, stored as float32.
   *
   * @param columns numbers per image; with 1 the label has one dimension, otherwise two
   * @param values count x columns, row-major
   */
  public static Label floats(String name, int columns, float[] values) {
    if (columns < 1 || values.length % columns != 0) {
      throw new IllegalArgumentException(
          "Label '" + name + "': " + values.length + " values do not make rows of " + columns);
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    int[] rowDims = columns == 1 ? new int[0] : new int[] {columns};
    return numbers(name, NumberType.FLOAT32, rowDims, bytes.array());
  }

  /**
   * Creates a label of numbers of any type.
   *
   * @param rowDims dimensions per image; none for a single number
   * @param values count x rowDims, row-major and little-endian; not copied
   */
  public static Label numbers(String name, NumberType type, int[] rowDims, byte[] values) {
    int row = type.bytes();
    for (int dim : rowDims) {
      row = Math.multiplyExact(row, dim);
    }
    if (row < 1 || values.length % row != 0) {
      throw new IllegalArgumentException(
          "Label '" + name + "': " + values.length + " bytes do not make rows of " + row);
    }
    Column column = new Numbers(checkName(name), type, rowDims.clone(), row, values);
    return new Label(column, values.length / row);
  }

  /** Creates a label of text, such as names. The label {@code path} names the images of a ZIP. */
  public static Label strings(String name, List<String> values) {
    return new Label(new Strings(checkName(name), List.copyOf(values)), values.size());
  }

  public String name() {
    return column.name();
  }

  /** Returns the number of images that it labels. */
  public long count() {
    return count;
  }

  Column column() {
    return column;
  }

  private static String checkName(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException("'" + name + "' is not a valid label name");
    }
    return name;
  }

  /** Returns whether HDF5 can store a label under this name: a path whose steps are names. */
  public static boolean isName(String name) {
    return !name.isBlank()
        && Arrays.stream(name.split("/", -1)).noneMatch(step -> step.isEmpty() || step.equals("."));
  }

  private static final class Numbers implements Column {

    private final String name;
    private final NumberType type;
    private final int[] rowDims;
    private final int rowBytes;
    private final byte[] values;

    Numbers(String name, NumberType type, int[] rowDims, int rowBytes, byte[] values) {
      this.name = name;
      this.type = type;
      this.rowDims = rowDims;
      this.rowBytes = rowBytes;
      this.values = values;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long[] rowDims() {
      return Arrays.stream(rowDims).asLongStream().toArray();
    }

    @Override
    public HdfType type() {
      return type.hdfType();
    }

    @Override
    public void read(long from, int count, byte[] into) {
      System.arraycopy(values, Math.toIntExact(from * rowBytes), into, 0, count * rowBytes);
    }

    @Override
    public byte[][] readVariable(long from, int count) {
      throw new UnsupportedOperationException("Numbers have a fixed length");
    }
  }

  private record Strings(String name, List<String> values) implements Column {

    @Override
    public HdfType type() {
      return HdfType.strings();
    }

    @Override
    public long[] rowDims() {
      return new long[0];
    }

    @Override
    public void read(long from, int count, byte[] into) {
      throw new UnsupportedOperationException("Strings have a variable length");
    }

    @Override
    public byte[][] readVariable(long from, int count) {
      return values.subList(Math.toIntExact(from), Math.toIntExact(from) + count).stream()
          .map(value -> value.getBytes(StandardCharsets.UTF_8))
          .toArray(byte[][]::new);
    }
  }
}
