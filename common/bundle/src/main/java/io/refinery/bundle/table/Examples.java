package io.refinery.bundle.table;

import java.util.ArrayList;
import java.util.List;

/** Counts things, and keeps the first few of them for a message. */
final class Examples {

  private static final int MOST = 3;
  private static final int LONGEST = 60;

  private final List<String> first = new ArrayList<>();
  private int count;

  void add(String name) {
    if (count++ < MOST) {
      first.add(quoted(name));
    }
  }

  int count() {
    return count;
  }

  /** Returns the first few, such as {@code 'a.png', 'b.png', ...}. */
  String list() {
    return String.join(", ", first) + (count > MOST ? ", ..." : "");
  }

  /** Returns a name for a message: in quotes, shortened, and without control characters. */
  static String quoted(String name) {
    String clean = name.replaceAll("\\p{Cntrl}", "?");
    int length = clean.length();
    // The end of a path says more than its start.
    return "'" + (length > LONGEST ? "..." + clean.substring(length - LONGEST) : clean) + "'";
  }
}
