package io.refinery.bundle.table;

import java.util.List;

/**
 * A value of a JSON file that may become a label.
 *
 * @param kind what its elements are
 * @param dims the dimensions of an array; none for a single value
 * @param cells its elements, row-major: numbers as they are written
 * @param problem why it cannot be a label, as a clause; empty if it can
 * @param points whether its last dimension is a point in the image
 */
record JsonValue(
    Kind kind, List<Integer> dims, List<String> cells, String problem, boolean points) {

  /** What elements are. */
  enum Kind {
    /** Numbers, or text that may be a number. */
    NUMBER,
    TEXT,
    /** Missing: the same as NaN where others are numbers. */
    NULL
  }

  static JsonValue of(Kind kind, String cell) {
    return new JsonValue(kind, List.of(), List.of(cell), "", false);
  }

  static JsonValue array(Kind kind, List<Integer> dims, List<String> cells) {
    return new JsonValue(kind, List.copyOf(dims), List.copyOf(cells), "", false);
  }

  static JsonValue unfit(String problem) {
    return new JsonValue(Kind.NULL, List.of(), List.of(), problem, false);
  }

  JsonValue asPoints() {
    return new JsonValue(kind, dims, cells, problem, true);
  }

  boolean isFit() {
    return problem.isEmpty();
  }
}
