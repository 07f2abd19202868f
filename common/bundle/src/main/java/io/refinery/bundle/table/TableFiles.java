package io.refinery.bundle.table;

import io.refinery.bundle.BundleException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Finds the tables among files, and matches them to images. */
final class TableFiles {

  private static final Set<String> LABELS = Set.of("labels.csv", "labels.tsv", "labels.txt");
  private static final Set<String> TABLES = Set.of("csv", "tsv");

  private final NamedFiles files;
  private final List<String> images;
  private final TableScopes scopes;
  private final Map<String, TableMatch> matches = new LinkedHashMap<>();
  private final Map<String, String> carried = new LinkedHashMap<>();

  private TableFiles(NamedFiles files, List<String> images) {
    this.files = files;
    this.images = images;
    this.scopes = new TableScopes(images);
  }

  /**
   * Finds and matches all tables.
   *
   * @throws BundleException when a table of labels cannot be read or matched
   */
  static TableFiles read(NamedFiles files, List<String> images)
      throws BundleException, IOException {
    TableFiles tables = new TableFiles(files, images);
    List<String> names = files.names().stream().filter(TableFiles::isTable).toList();
    Map<String, List<String>> byBase =
        new TreeMap<>(
            Comparator.comparing((String base) -> base.chars().filter(c -> c == '/').count())
                .reversed()
                .thenComparing(Comparator.naturalOrder()));
    for (String name : names) {
      String base = tables.scopes.base(FileNames.slashes(FileNames.folder(name)));
      byBase.computeIfAbsent(base, any -> new ArrayList<>()).add(name);
    }
    for (Map.Entry<String, List<String>> base : byBase.entrySet()) {
      List<TableMatch> found = new ArrayList<>();
      for (String name : base.getValue()) {
        tables.read(name, base.getKey()).ifPresent(found::add);
      }
      found.forEach(match -> tables.scopes.claim(match.scope()));
    }
    return tables;
  }

  private static boolean isTable(String name) {
    return !FileNames.isHidden(name) && (isLabels(name) || TABLES.contains(FileNames.ending(name)));
  }

  /** Whether a table says by its name that it holds the labels. */
  static boolean isLabels(String name) {
    return LABELS.contains(FileNames.file(name).toLowerCase(Locale.ROOT));
  }

  /** Returns the tables that are labels, in the bundle's order. */
  List<TableMatch> matches() {
    return files.names().stream().filter(matches::containsKey).map(matches::get).toList();
  }

  /** Returns the tables that are not labels, each with the reason. */
  Map<String, String> carried() {
    return carried;
  }

  private Optional<TableMatch> read(String name, String base) throws BundleException, IOException {
    try {
      Optional<Table> table = TableParser.read(files, name);
      if (table.isEmpty()) {
        carried.put(name, "it is empty");
        return Optional.empty();
      }
      TableMatch match = match(table.get(), base);
      matches.put(name, match);
      return Optional.of(match);
    } catch (BundleException e) {
      if (isLabels(name)) {
        throw e;
      }
      carried.put(name, "it is not a table of labels: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Matches a table to the images without a nearer table, or to all in its folder and below. */
  private TableMatch match(Table table, String base) throws BundleException {
    boolean byOrder = isLabels(table.file());
    int[] all = scopes.all(base);
    int[] unclaimed = scopes.unclaimed(base);
    if (unclaimed.length == 0 || unclaimed.length == all.length) {
      return new TableMatcher(table, images, all, base).match(byOrder && unclaimed.length > 0);
    }
    try {
      return new TableMatcher(table, images, unclaimed, base).match(byOrder);
    } catch (BundleException e) {
      if (table.rows() != all.length) {
        throw e;
      }
      return new TableMatcher(table, images, all, base).match(false);
    }
  }
}
