package io.refinery.bundle;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The names of the images in a ZIP, taken from the label {@code image_path}, or else {@code path}.
 * Where a path is missing, leads out of its folder, or repeats an earlier one, the image is named
 * by its number.
 */
final class EntryNames implements ZipBundleWriter.Names {

  private final Optional<ColumnText> paths;
  private final long count;
  private final Set<String> used = new HashSet<>(Set.of(ZipBundle.LABELS));
  private long next;

  EntryNames(List<Column> columns, long count) throws BundleException {
    Optional<ColumnText> found = find(columns, "image_path");
    this.paths = found.isPresent() ? found : find(columns, "path");
    this.count = count;
  }

  private static Optional<ColumnText> find(List<Column> columns, String name)
      throws BundleException {
    for (Column column : columns) {
      if (column.name().equals(name) && ColumnText.isText(column)) {
        return Optional.of(new ColumnText(column));
      }
    }
    return Optional.empty();
  }

  @Override
  public String next() throws BundleException {
    String number = String.format(Locale.ROOT, "%06d", next);
    String name = number + ".png";
    if (paths.isPresent()) {
      name = safe(paths.get().row(next, count).get(0)).orElse(name);
    }
    for (int attempt = 0; paths.isPresent() && !used.add(name); attempt++) {
      name = number + (attempt == 0 ? "" : "-" + attempt) + ".png";
    }
    next++;
    return name;
  }

  /**
   * Returns the path as a name that stays inside its folder and ends like an image; empty if
   * unsafe.
   */
  static Optional<String> safe(String path) {
    String name = path.replace('\\', '/').strip();
    boolean bad =
        name.isEmpty()
            || name.length() > 1000
            || name.startsWith("/")
            || name.endsWith("/")
            || name.contains(":")
            || name.chars().anyMatch(Character::isISOControl)
            || List.of(name.split("/", -1)).stream()
                .anyMatch(part -> part.isEmpty() || part.startsWith("."));
    if (bad) {
      return Optional.empty();
    }
    return Optional.of(ImageKinds.isImage(name) ? name : name + ".png");
  }
}
