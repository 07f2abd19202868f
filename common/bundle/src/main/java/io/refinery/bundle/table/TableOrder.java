package io.refinery.bundle.table;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Decides whether the rows of a table without names can be in no order but that of the images. */
final class TableOrder {

  private static final Set<String> NAMING =
      Set.of(
          "name",
          "names",
          "file",
          "files",
          "filename",
          "filenames",
          "filepath",
          "path",
          "paths",
          "image",
          "images",
          "img",
          "imgs",
          "picture",
          "photo",
          "id",
          "ids",
          "uid",
          "uuid",
          "key",
          "keys",
          "frame",
          "frames",
          "index",
          "idx",
          "stem",
          "basename",
          "sample",
          "url",
          "uri");

  private static final Pattern BETWEEN_WORDS =
      Pattern.compile("[^\\p{L}]+|(?<=\\p{Ll})(?=\\p{Lu})");

  private TableOrder() {}

  /** Returns that a column seems to hold names, though not of the images; empty if none does. */
  static Optional<String> otherNames(Table table) {
    for (int column = 0; column < table.columns().size(); column++) {
      String heading = table.headings().get(column);
      if (isNaming(heading) || areNames(table.columns().get(column))) {
        return Optional.of(
            String.format(
                " names no image, and cannot be matched by order: its column %s seems to hold other"
                    + " names, such as %s; correct them",
                Examples.quoted(heading), example(table.columns().get(column))));
      }
    }
    return Optional.empty();
  }

  private static String example(PackedText cells) {
    return cells.size() == 0 ? "none" : Examples.quoted(cells.get(0));
  }

  /** Returns why the order is not certain; empty when it is. */
  static Optional<String> problem(Table table, List<String> images, int[] scope) {
    String start = " names no image, and cannot be matched by order: ";
    if (table.rows() != scope.length) {
      return Optional.of(
          start + "it has " + table.rows() + " rows for " + scope.length + " images");
    }
    return isOrdered(images, scope)
        ? Optional.empty()
        : Optional.of(
            start
                + "the images' order in the bundle differs from that of their names; add a column"
                + " with their names");
  }

  private static boolean isNaming(String heading) {
    return BETWEEN_WORDS
        .splitAsStream(heading)
        .anyMatch(word -> NAMING.contains(word.toLowerCase(Locale.ROOT)));
  }

  /** Whether cells look like the names of files, or are all different words. */
  private static boolean areNames(PackedText cells) {
    Set<String> words = new HashSet<>();
    boolean different = cells.size() > 1;
    for (int row = 0; row < cells.size(); row++) {
      String cell = cells.get(row).strip();
      if (FileNames.isLikeImage(cell)) {
        return true;
      }
      different =
          different
              && !cell.isEmpty()
              && cell.chars().noneMatch(Character::isWhitespace)
              && !NumberScan.isNumber(cell)
              && !NumberScan.isDecimalComma(cell)
              && words.add(cell);
    }
    return different;
  }

  /** Whether the images are sorted, both as text and with numbers counted as numbers. */
  private static boolean isOrdered(List<String> images, int[] scope) {
    for (int i = 1; i < scope.length; i++) {
      String before = images.get(scope[i - 1]);
      String after = images.get(scope[i]);
      if (before.compareTo(after) >= 0 || NaturalOrder.compare(before, after) >= 0) {
        return false;
      }
    }
    return true;
  }
}
