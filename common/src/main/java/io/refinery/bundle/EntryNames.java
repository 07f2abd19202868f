package io.refinery.bundle;

import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/**
 * What the images of a ZIP are called: as the label {@code path} says, or by number where it says
 * nothing, leads out of a folder, or repeats itself.
 */
final class EntryNames implements Iterator<String> {

  private final Optional<ColumnText> paths;
  private final long count;
  private final Set<String> used = new HashSet<>(Set.of(ZipBundle.LABELS));
  private long next;

  EntryNames(List<Column> columns, long count) {
    this.paths =
        columns.stream()
            .filter(column -> column.name().equals("path") && ColumnText.isText(column))
            .findFirst()
            .map(ColumnText::new);
    this.count = count;
  }

  @Override
  public boolean hasNext() {
    return next < count;
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException("There are only " + count + " names");
    }
    String number = String.format(Locale.ROOT, "%06d", next);
    String name = paths.map(this::path).flatMap(EntryNames::safe).orElse(number + ".png");
    for (int attempt = 0; paths.isPresent() && !used.add(name); attempt++) {
      name = number + (attempt == 0 ? "" : "-" + attempt) + ".png";
    }
    next++;
    return name;
  }

  private String path(ColumnText text) {
    try {
      return text.row(next, count).get(0);
    } catch (BundleException e) {
      throw new UncheckedIOException(new java.io.IOException(e.getMessage(), e));
    }
  }

  /** A name that unpacks below its folder, and that of an image. */
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
    return Optional.of(ZipBundle.isImage(name) ? name : name + ".png");
  }
}
