package io.refinery.bundle.array;

import io.refinery.bundle.NumberType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** An array in memory, row-major: the last dimension varies fastest. */
public final class NamedArray {

  private final String name;
  private final Optional<NumberType> type;
  private final int[] dims;
  private final byte[] bytes;
  private final List<String> texts;

  private NamedArray(
      String name, Optional<NumberType> type, int[] dims, byte[] bytes, List<String> texts) {
    this.name = name;
    this.type = type;
    this.dims = dims.clone();
    this.bytes = bytes;
    this.texts = texts;
  }

  /**
   * Creates an array of numbers.
   *
   * @param bytes the elements, little-endian; not copied
   */
  static NamedArray numbers(String name, NumberType type, int[] dims, byte[] bytes) {
    return new NamedArray(name, Optional.of(type), dims, bytes, List.of());
  }

  /** Creates an array of text. */
  static NamedArray texts(String name, int[] dims, List<String> texts) {
    return new NamedArray(name, Optional.empty(), dims, new byte[0], List.copyOf(texts));
  }

  /** Returns its path in the file, such as {@code data/left/image}. */
  public String name() {
    return name;
  }

  /** Returns how its numbers are stored; empty for text. */
  public Optional<NumberType> type() {
    return type;
  }

  /** Returns its dimensions; none for a single value. */
  public int[] dims() {
    return dims.clone();
  }

  /** Returns the number of its elements. */
  public int elements() {
    return elements(dims);
  }

  /** Returns the number of elements of an array of these dimensions. */
  static int elements(int... dims) {
    int elements = 1;
    for (int dim : dims) {
      elements = Math.multiplyExact(elements, dim);
    }
    return elements;
  }

  /** Returns the elements, little-endian, to be read only; none for text. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns the elements of text. */
  public List<String> texts() {
    return texts;
  }

  /**
   * Returns the array with its dimensions in another order.
   *
   * @param order which dimension comes first, second, ...
   */
  public NamedArray permuted(int... order) {
    int[] turned = new int[dims.length];
    int[] steps = new int[dims.length];
    int step = 1;
    for (int d = dims.length - 1; d >= 0; d--) {
      for (int t = 0; t < order.length; t++) {
        if (order[t] == d) {
          turned[t] = dims[d];
          steps[t] = step;
        }
      }
      step *= dims[d];
    }
    int[] sources = sources(turned, steps);
    if (type.isEmpty()) {
      return texts(name, turned, Arrays.stream(sources).mapToObj(texts::get).toList());
    }
    int size = type.get().bytes();
    byte[] moved = new byte[bytes.length];
    for (int i = 0; i < sources.length; i++) {
      System.arraycopy(bytes, sources[i] * size, moved, i * size, size);
    }
    return numbers(name, type.get(), turned, moved);
  }

  /** Returns the index of the source of each element. */
  private static int[] sources(int[] dims, int[] steps) {
    int[] sources = new int[elements(dims)];
    int[] at = new int[dims.length];
    int source = 0;
    for (int i = 0; i < sources.length; i++) {
      sources[i] = source;
      for (int d = dims.length - 1; d >= 0; d--) {
        source += steps[d];
        if (++at[d] < dims[d]) {
          break;
        }
        source -= steps[d] * dims[d];
        at[d] = 0;
      }
    }
    return sources;
  }

  /** Returns an array whose elements are in the order of MATLAB, row-major. */
  static NamedArray ofColumnMajor(NamedArray array, int[] dims) {
    int[] reversed = new int[dims.length];
    int[] order = new int[dims.length];
    for (int d = 0; d < dims.length; d++) {
      reversed[d] = dims[dims.length - 1 - d];
      order[d] = dims.length - 1 - d;
    }
    return new NamedArray(array.name, array.type, reversed, array.bytes, array.texts)
        .permuted(order);
  }
}
