package io.refinery.bundle.table;

import java.util.List;
import org.apache.commons.csv.CSVFormat;

/** What separates the cells of a line. */
enum Delimiter {
  COMMA(',', "comma"),
  SEMICOLON(';', "semicolon"),
  TAB('\t', "tab"),
  PIPE('|', "pipe");

  private final char character;
  private final String description;

  Delimiter(char character, String description) {
    this.character = character;
    this.description = description;
  }

  String description() {
    return description;
  }

  CSVFormat format() {
    return CSVFormat.DEFAULT
        .builder()
        .setDelimiter(character)
        .setIgnoreEmptyLines(true)
        .setLenientEof(false)
        .get();
  }

  /** Returns the delimiter that Excel's first line {@code sep=;} names, or none. */
  static List<Delimiter> named(String line) {
    String clean = line.strip().length() < 5 ? line : line.strip();
    return List.of(values()).stream()
        .filter(one -> clean.equalsIgnoreCase("sep=" + one.character))
        .toList();
  }
}
