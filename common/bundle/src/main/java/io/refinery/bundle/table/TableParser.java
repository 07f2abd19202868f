package io.refinery.bundle.table;

import io.refinery.bundle.BundleException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads a table: finds its delimiter, and refuses what is not the same on every line. */
final class TableParser {

  /** Largest table; it is held in memory. */
  private static final long MOST_BYTES = 256 << 20;

  private final NamedFiles files;
  private final String file;
  private final String name;

  private TableParser(NamedFiles files, String file) {
    this.files = files;
    this.file = file;
    this.name = Examples.quoted(file);
  }

  /**
   * Reads a table.
   *
   * @return empty when the file is empty
   * @throws BundleException when it is not a table
   * @throws IOException when the file cannot be read
   */
  static Optional<Table> read(NamedFiles files, String file) throws BundleException, IOException {
    try {
      return new TableParser(files, file).read();
    } catch (Bounded.TooLargeException e) {
      throw Faults.unsupported(e.getMessage());
    }
  }

  /** What became of a file with one delimiter: a table, or where its lines differ. */
  private record Outcome(Optional<Table> table, String problem, int columns) {}

  private Optional<Table> read() throws BundleException, IOException {
    List<Delimiter> named = List.of();
    try (BufferedReader lines = new BufferedReader(open())) {
      String first = lines.readLine();
      if (first == null) {
        return Optional.empty();
      }
      named = Delimiter.named(first);
    } catch (CharacterCodingException e) {
      throw badEncoding();
    }
    if (!named.isEmpty()) {
      Outcome outcome = parse(named.get(0), 1);
      return Optional.of(outcome.table().orElseThrow(() -> Faults.unreadable(outcome.problem())));
    }
    List<Delimiter> fitting = new ArrayList<>();
    Map<Delimiter, Outcome> outcomes = new EnumMap<>(Delimiter.class);
    for (Delimiter delimiter : Delimiter.values()) {
      Outcome outcome = parse(delimiter, 0);
      if (outcome.table().isPresent() && outcome.columns() > 1) {
        fitting.add(delimiter);
      }
      outcomes.put(delimiter, outcome);
    }
    return Optional.of(choose(fitting, outcomes));
  }

  private Table choose(List<Delimiter> fitting, Map<Delimiter, Outcome> outcomes)
      throws BundleException {
    if (fitting.size() > 1) {
      throw Faults.ambiguous(
          name
              + " can be separated by "
              + fitting.stream().map(Delimiter::description).collect(Collectors.joining(" or "))
              + "; start it with a line such as sep=, to say which");
    }
    if (fitting.size() == 1) {
      return outcomes.get(fitting.get(0)).table().orElseThrow();
    }
    Outcome widest = outcomes.get(Delimiter.COMMA);
    for (Outcome outcome : outcomes.values()) {
      widest = outcome.columns() > widest.columns() ? outcome : widest;
    }
    Outcome chosen = widest.columns() > 1 ? widest : outcomes.get(Delimiter.COMMA);
    return chosen.table().orElseThrow(() -> Faults.unreadable(chosen.problem()));
  }

  private Outcome parse(Delimiter delimiter, int skippedLines) throws BundleException, IOException {
    List<String> headings = List.of();
    List<PackedText> columns = List.of();
    try (BufferedReader lines = new BufferedReader(open())) {
      for (int i = 0; i < skippedLines; i++) {
        lines.readLine();
      }
      try (CSVParser csv = delimiter.format().parse(lines)) {
        for (Iterator<CSVRecord> records = csv.iterator(); records.hasNext(); ) {
          CSVRecord row = records.next();
          if (columns.isEmpty() && row.size() == 1 && delimiter != Delimiter.COMMA) {
            return new Outcome(Optional.empty(), name + " has one column", 1);
          }
          if (columns.isEmpty()) {
            headings = headings(row);
            columns = IntStream.range(0, row.size()).mapToObj(column -> new PackedText()).toList();
          } else if (row.size() != columns.size()) {
            long line = csv.getCurrentLineNumber() + skippedLines;
            return failed(line, cells(row.size(), columns.size()), columns.size());
          } else {
            add(row, columns);
          }
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    } catch (CharacterCodingException e) {
      throw badEncoding();
    } catch (CSVException e) {
      // Its message names the line as it counts them, without those that were skipped.
      return new Outcome(
          Optional.empty(), name + " has a wrong quote: " + e.getMessage(), columns.size());
    }
    Optional<Table> table =
        columns.isEmpty() ? Optional.empty() : Optional.of(new Table(file, headings, columns));
    return new Outcome(table, name + " has no header", columns.size());
  }

  private static String cells(int found, int expected) {
    return " has " + found + (found == 1 ? " cell" : " cells") + ", but the header has " + expected;
  }

  private Outcome failed(long line, String problem, int columns) {
    return new Outcome(Optional.empty(), "Line " + line + " of " + name + problem, columns);
  }

  /** Adds a row, unless it is the empty end that spreadsheets leave. */
  private static void add(CSVRecord row, List<PackedText> columns) {
    boolean empty = columns.size() > 1;
    for (int i = 0; i < row.size() && empty; i++) {
      empty = row.get(i).isEmpty();
    }
    for (int i = 0; i < row.size() && !empty; i++) {
      columns.get(i).add(row.get(i));
    }
  }

  private static List<String> headings(CSVRecord row) {
    List<String> headings = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      headings.add(row.get(i).isBlank() ? "column_" + i : row.get(i).strip());
    }
    return headings;
  }

  private Reader open() throws BundleException, IOException {
    InputStream stream = files.open(file);
    try {
      return StrictText.open(new Bounded(stream, name, MOST_BYTES), name);
    } catch (BundleException | IOException | RuntimeException e) {
      stream.close();
      throw e;
    }
  }

  private BundleException badEncoding() throws IOException {
    try (InputStream stream = files.open(file)) {
      return StrictText.fault(stream, name);
    }
  }
}
