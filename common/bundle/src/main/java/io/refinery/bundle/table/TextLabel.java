package io.refinery.bundle.table;

import java.util.List;

/**
 * A label of text in memory.
 *
 * @param values one per image
 */
record TextLabel(String name, List<String> values) implements ImageLabel {

  @Override
  public Type type() {
    return Type.TEXT;
  }

  @Override
  public List<Integer> dims() {
    return List.of();
  }

  @Override
  public long[] bits(int from, int count) {
    throw new UnsupportedOperationException("Label '" + name + "' is text");
  }

  @Override
  public String[] texts(int from, int count) {
    return values.subList(from, from + count).toArray(String[]::new);
  }
}
