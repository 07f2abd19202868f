package io.refinery.bundle.table;

import io.refinery.bundle.table.JsonValue.Kind;
import java.util.List;

/** The shape that a value has in all files, or why it cannot be a label. */
final class SidecarShape {

  private final String firstFile;
  private final NumberScan scan = new NumberScan();
  private Kind kind;
  private final List<Integer> dims;
  private final boolean points;
  private boolean nulls;
  private String problem;
  private int files;

  /** Creates the shape of a value in the first file. */
  SidecarShape(JsonValue value, String file) {
    this.firstFile = file;
    this.kind = value.kind();
    this.dims = value.dims();
    this.points = value.points();
    this.problem = value.problem();
    add(value, file);
  }

  /** Adds the value of another file. */
  void add(JsonValue value, String file) {
    files++;
    if (!problem.isEmpty()) {
      return;
    }
    if (!value.isFit()) {
      problem = value.problem();
    } else if (!value.dims().equals(dims) || value.points() != points) {
      problem =
          String.format(
              "it has %s in %s and %s in %s",
              counted(dims),
              Examples.quoted(firstFile),
              counted(value.dims()),
              Examples.quoted(file));
    } else if (kind != Kind.NULL && value.kind() != Kind.NULL && value.kind() != kind) {
      problem = "it is a number in some files and text in others, such as " + Examples.quoted(file);
    } else {
      nulls |= value.kind() == Kind.NULL;
      kind = kind == Kind.NULL ? value.kind() : kind;
      if (kind == Kind.TEXT && nulls) {
        problem = "it is null in some files";
      }
      value.cells().forEach(scan::add);
    }
  }

  private static String counted(List<Integer> dims) {
    return dims.isEmpty() ? "a single value" : describe(dims) + " values";
  }

  /** Returns dimensions such as {@code 32 x 3}. */
  static String describe(List<Integer> dims) {
    return String.join(" x ", dims.stream().map(String::valueOf).toList());
  }

  /**
   * Returns why this cannot be a label, as a clause; empty if it can.
   *
   * @param images how many files there are
   */
  String problem(int images) {
    if (problem.isEmpty() && files < images) {
      return "it is missing in " + (images - files) + " of " + images + " files";
    }
    return problem.isEmpty() && kind == Kind.NULL ? "it is always null" : problem;
  }

  ImageLabel.Type type() {
    return kind == Kind.NUMBER ? scan.type() : ImageLabel.Type.TEXT;
  }

  List<Integer> dims() {
    return dims;
  }

  boolean isPoints() {
    return points;
  }
}
