package io.refinery.bundle;

import io.jhdf.object.datatype.FloatingPoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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
    Column column = new Floats(checkName(name), columns, values.clone());
    return new Label(column, values.length / columns);
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
    if (name.isBlank() || name.startsWith("/") || name.endsWith("/") || name.contains("//")) {
      throw new IllegalArgumentException("'" + name + "' is not a valid label name");
    }
    return name;
  }

  private static final class Floats implements Column {

    private final String name;
    private final int columns;
    private final float[] values;

    Floats(String name, int columns, float[] values) {
      this.name = name;
      this.columns = columns;
      this.values = values;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long[] rowDims() {
      return columns == 1 ? new long[0] : new long[] {columns};
    }

    @Override
    public HdfType type() {
      return HdfType.of(FloatingPoint.FLOAT);
    }

    @Override
    public void read(long from, int count, byte[] into) {
      ByteBuffer.wrap(into)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .put(values, Math.toIntExact(from * columns), count * columns);
    }

    @Override
    public byte[][] readVariable(long from, int count) {
      throw new UnsupportedOperationException("Floats have a fixed length");
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
