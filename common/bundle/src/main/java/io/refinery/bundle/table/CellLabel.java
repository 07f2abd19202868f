package io.refinery.bundle.table;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** A label of cells, one per image. Numbers are converted at once, and take 8 bytes each. */
final class CellLabel implements ImageLabel {

  private final String name;
  private final Type type;
  private final IntFunction<String> cells;
  private final long[] bits;

  private CellLabel(String name, Type type, IntFunction<String> cells, long[] bits) {
    this.name = name;
    this.type = type;
    this.cells = cells;
    this.bits = bits;
  }

  /**
   * Creates a label.
   *
   * @param cells the cell of each image
   */
  static CellLabel of(String name, Type type, int count, IntFunction<String> cells) {
    if (type == Type.TEXT) {
      return new CellLabel(name, type, cells, new long[0]);
    }
    long[] bits = new long[count];
    Arrays.setAll(bits, image -> NumberScan.bits(cells.apply(image), type));
    // The table is not needed any more.
    return new CellLabel(name, type, image -> "", bits);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Type type() {
    return type;
  }

  @Override
  public List<Integer> dims() {
    return List.of();
  }

  @Override
  public long[] bits(int from, int count) {
    if (type == Type.TEXT) {
      throw new UnsupportedOperationException("Label '" + name + "' is text");
    }
    return Arrays.copyOfRange(bits, from, from + count);
  }

  @Override
  public String[] texts(int from, int count) {
    if (type != Type.TEXT) {
      throw new UnsupportedOperationException("Label '" + name + "' is numeric");
    }
    String[] texts = new String[count];
    Arrays.setAll(texts, i -> cells.apply(from + i));
    return texts;
  }
}
