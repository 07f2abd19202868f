package io.refinery.bundle.table;

import io.refinery.bundle.BundleException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Matches the rows of one table to images, one to one. */
final class TableMatcher {

  private final Table table;
  private final List<String> images;
  private final int[] scope;
  private final String base;
  private final Map<NameKey, NameIndex> indices = new EnumMap<>(NameKey.class);

  /**
   * Creates a matcher.
   *
   * @param scope the numbers of the images that the table is for, at least one
   * @param base the folder in which all of them are
   */
  TableMatcher(Table table, List<String> images, int[] scope, String base) {
    this.table = table;
    this.images = images;
    this.scope = scope;
    this.base = base;
  }

  /**
   * Matches by name, or by order.
   *
   * @param byOrder whether the order counts when there are no names
   * @throws BundleException when neither is certain
   */
  TableMatch match(boolean byOrder) throws BundleException {
    checkHeader();
    List<Integer> texts = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    for (int column = 0; column < table.columns().size(); column++) {
      (isNumeric(column) ? numbers : texts).add(column);
    }
    Optional<TableMatch> named = agreeing(texts);
    if (named.isEmpty()) {
      // Numbers count only where no text names the images: any label may be a permutation of them.
      named = agreeing(numbers);
    }
    if (named.isPresent()) {
      return named.get();
    }
    Optional<String> problem = problem(texts);
    if (problem.isEmpty() && byOrder) {
      problem = TableOrder.otherNames(table);
    }
    if (problem.isEmpty()) {
      problem = problem(numbers).map(text -> text + "; add a column with the images' names");
    }
    if (problem.isEmpty() && byOrder) {
      problem = TableOrder.problem(table, images, scope);
      if (problem.isEmpty()) {
        return ordered();
      }
    }
    throw Faults.ambiguous(
        Examples.quoted(table.file())
            + problem.orElse(" has no column that names images such as ")
            + (problem.isEmpty() ? Examples.quoted(image(0)) : ""));
  }

  private void checkHeader() throws BundleException {
    List<String> headings = table.headings();
    Examples repeated = new Examples();
    for (int i = 0; i < headings.size(); i++) {
      if (headings.indexOf(headings.get(i)) < i) {
        repeated.add(headings.get(i));
      }
    }
    if (repeated.count() > 0) {
      throw Faults.ambiguous(
          Examples.quoted(table.file())
              + " has several columns with the heading "
              + repeated.list()
              + "; rename them");
    }
    List<String> words = headings.stream().filter(one -> !NumberScan.isNumber(one)).toList();
    if (words.isEmpty() || (words.size() == 1 && isName(words.get(0)))) {
      throw Faults.ambiguous(
          Examples.quoted(table.file()) + " has no header: its first line holds values; add one");
    }
  }

  private boolean isName(String heading) {
    return FileNames.isLikeImage(heading)
        || List.of(NameKey.values()).stream()
            .anyMatch(
                key -> index(key).find(key.ofCell(heading, table.folder())) != NameIndex.NONE);
  }

  private boolean isNumeric(int column) {
    PackedText cells = table.columns().get(column);
    return IntStream.range(0, cells.size())
        .allMatch(row -> cells.isEmpty(row) || NumberScan.isNumber(cells.get(row)));
  }

  /** Returns the match of those columns that name all images, if any does. */
  private Optional<TableMatch> agreeing(List<Integer> columns) throws BundleException {
    List<TableMatch> found = new ArrayList<>();
    for (int column : columns) {
      for (NameKey key : NameKey.values()) {
        Optional<int[]> rows = oneToOne(column, key);
        if (rows.isPresent()) {
          found.add(matched(column, key, rows.get()));
          break;
        }
      }
    }
    found.sort(Comparator.comparing(TableMatch::key));
    for (TableMatch other : found) {
      int place = Arrays.mismatch(found.get(0).rows(), other.rows());
      if (place >= 0) {
        throw Faults.ambiguous(
            String.format(
                "%s has two columns that name the images, %s and %s, but they differ, such as for"
                    + " %s; rename or remove the wrong one",
                Examples.quoted(table.file()),
                heading(found.get(0).column().orElseThrow()),
                heading(other.column().orElseThrow()),
                Examples.quoted(image(place))));
      }
    }
    return found.stream().findFirst();
  }

  private String heading(int column) {
    return Examples.quoted(table.headings().get(column));
  }

  private Optional<int[]> oneToOne(int column, NameKey key) {
    PackedText cells = table.columns().get(column);
    if (table.rows() != scope.length
        || (!key.takesNumbers() && NumberScan.isNumber(cells.get(0)))
        || repeatsAtOnce(cells)
        || !index(key).isUnique()) {
      return Optional.empty();
    }
    int[] rows = new int[scope.length];
    Arrays.fill(rows, NameIndex.NONE);
    for (int row = 0; row < cells.size(); row++) {
      int place = index(key).find(key.ofCell(cells.get(row), table.folder()));
      if (place == NameIndex.NONE || rows[place] != NameIndex.NONE) {
        return Optional.empty();
      }
      rows[place] = row;
    }
    return Optional.of(rows);
  }

  /** Whether cells such as classes repeat, which is found out without an index of all images. */
  private static boolean repeatsAtOnce(PackedText cells) {
    int some = Math.min(100, cells.size());
    return IntStream.range(0, some).mapToObj(cells::get).distinct().count() < some;
  }

  private TableMatch matched(int column, NameKey key, int[] rows) {
    PackedText cells = table.columns().get(column);
    boolean same =
        IntStream.range(0, scope.length)
            .allMatch(
                place -> {
                  String cell = cells.get(rows[place]);
                  return cell.equals(image(place))
                      || cell.equals(NameKey.RELATIVE.ofImage(image(place), base))
                      || cell.equals(FileNames.file(image(place)));
                });
    return new TableMatch(table, Optional.of(column), key, same, scope, rows);
  }

  private TableMatch ordered() {
    int[] rows = IntStream.range(0, scope.length).toArray();
    return new TableMatch(table, Optional.empty(), NameKey.WHOLE, false, scope, rows);
  }

  private String image(int place) {
    return images.get(scope[place]);
  }

  private NameIndex index(NameKey key) {
    return indices.computeIfAbsent(key, one -> new NameIndex(images, scope, one, base));
  }

  /** Returns what is wrong with the column that names the most images; empty if none names any. */
  private Optional<String> problem(List<Integer> columns) {
    int most = 0;
    Optional<String> problem = Optional.empty();
    for (int column : columns) {
      boolean numeric = isNumeric(column);
      for (NameKey key : NameKey.values()) {
        if (!numeric || key.takesNumbers()) {
          int named = named(column, key).cardinality();
          if (named > most) {
            most = named;
            problem = Optional.of(problem(column, key));
          }
        }
      }
    }
    return problem;
  }

  private BitSet named(int column, NameKey key) {
    PackedText cells = table.columns().get(column);
    BitSet named = new BitSet(scope.length);
    for (int row = 0; row < cells.size(); row++) {
      int place = index(key).find(key.ofCell(cells.get(row), table.folder()));
      if (place != NameIndex.NONE) {
        named.set(place);
      }
    }
    return named;
  }

  private String problem(int column, NameKey key) {
    PackedText cells = table.columns().get(column);
    Examples unknown = new Examples();
    Examples twice = new Examples();
    Examples without = new Examples();
    BitSet named = new BitSet(scope.length);
    for (int row = 0; row < cells.size(); row++) {
      int place = index(key).find(key.ofCell(cells.get(row), table.folder()));
      if (place == NameIndex.NONE) {
        unknown.add(cells.get(row));
      } else if (named.get(place)) {
        twice.add(cells.get(row));
      }
      if (place != NameIndex.NONE) {
        named.set(place);
      }
    }
    for (int i = named.nextClearBit(0); i < scope.length; i = named.nextClearBit(i + 1)) {
      without.add(image(i));
    }
    List<String> parts = new ArrayList<>();
    if (!index(key).isUnique()) {
      parts.add("several images have the same " + key.description());
    }
    part(without, " of " + scope.length + " images without a row", parts);
    part(unknown, " of " + cells.size() + " rows without an image", parts);
    String rows = twice.count() == 1 ? " row" : " rows";
    part(twice, rows + " for an image that has one already", parts);
    return String.format(
        " does not name every image once: column %s has %s",
        heading(column), String.join(", and ", parts));
  }

  private static void part(Examples examples, String what, List<String> parts) {
    if (examples.count() > 0) {
      parts.add(examples.count() + what + " (" + examples.list() + ")");
    }
  }
}
