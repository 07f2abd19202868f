package io.refinery.bundle.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleFault;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Whatever the images are called and however the table is written. */
class TableMatchingPropertiesTest {

  /** How a cell names an image. */
  private enum Naming {
    WHOLE,
    BACKSLASHES,
    WINDOWS,
    FILE,
    OTHER_ENDING,
    STEM;

    String of(String image) {
      String file = FileNames.file(image);
      return switch (this) {
        case WHOLE -> image;
        case BACKSLASHES -> image.replace('/', '\\');
        case WINDOWS -> "C:\\data\\" + image.replace('/', '\\');
        case FILE -> file;
        case OTHER_ENDING -> FileNames.withoutEnding(file) + ".jpg";
        case STEM -> FileNames.withoutEnding(file);
      };
    }
  }

  private record Sample(
      List<String> images, Naming naming, char delimiter, String lineEnd, long seed) {

    /** Returns the rows in random order; column x is the number of the image. */
    List<List<String>> rows() {
      List<List<String>> rows = new ArrayList<>();
      for (int i = 0; i < images.size(); i++) {
        rows.add(List.of("note; of, " + i, naming.of(images.get(i)), i + ".5"));
      }
      Collections.shuffle(rows, new Random(seed));
      return rows;
    }

    MemoryFiles files(List<List<String>> rows) throws IOException {
      StringWriter table = new StringWriter();
      CSVFormat format =
          CSVFormat.DEFAULT.builder().setDelimiter(delimiter).setRecordSeparator(lineEnd).get();
      try (CSVPrinter csv = new CSVPrinter(table, format)) {
        csv.printRecord("note", "which", "x");
        csv.printRecords(rows);
      }
      return MemoryFiles.images(images.toArray(String[]::new)).with("labels.csv", table.toString());
    }
  }

  @Provide
  Arbitrary<Sample> samples() {
    Arbitrary<String> stems =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 200).map(String::valueOf),
            Arbitraries.strings().withChars("abé_- 0").ofMinLength(1).ofMaxLength(6));
    Arbitrary<List<String>> images =
        Combinators.combine(
                stems.list().ofMinSize(2).ofMaxSize(30), Arbitraries.of("", "imgs/", "a/b c/"))
            .as(TableMatchingPropertiesTest::images);
    return Combinators.combine(
            images.filter(names -> names.size() > 1),
            Arbitraries.of(Naming.class),
            Arbitraries.of(',', ';', '\t', '|'),
            Arbitraries.of("\n", "\r\n"),
            Arbitraries.longs())
        .as(Sample::new);
  }

  private static List<String> images(List<String> stems, String folder) {
    Set<String> used = new HashSet<>();
    List<String> images = new ArrayList<>();
    for (String stem : stems) {
      if (used.add(stem.strip())) {
        images.add(folder + "i" + stem.strip() + ".png");
      }
    }
    return images;
  }

  @Property(tries = 300)
  void eachImageGetsItsOwnRow(@ForAll("samples") Sample sample) throws Exception {
    ReadLabels labels = sample.files(sample.rows()).read();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < sample.images().size(); i++) {
      expected.add(i + ".5");
    }
    assertThat(labels.values("x")).isEqualTo(expected);
    assertThat(labels.values("path")).isEqualTo(sample.images());
  }

  @Property(tries = 100)
  void aTableWithoutARowIsRefused(@ForAll("samples") Sample sample) throws Exception {
    List<List<String>> rows = sample.rows();
    refused(sample, rows.subList(1, rows.size()));
  }

  @Property(tries = 100)
  void aTableWithARowTwiceIsRefused(@ForAll("samples") Sample sample) throws Exception {
    List<List<String>> rows = sample.rows();
    rows.add(rows.get(0));
    refused(sample, rows);
    refused(sample, replaced(rows));
  }

  /** Returns the rows with one that names another's image instead of its own. */
  private static List<List<String>> replaced(List<List<String>> rows) {
    List<List<String>> replaced = new ArrayList<>(rows.subList(0, rows.size() - 1));
    replaced.set(1, List.of("note", rows.get(0).get(1), "0.5"));
    return replaced;
  }

  @Property(tries = 100)
  void aTableWithAnUnknownNameIsRefused(@ForAll("samples") Sample sample) throws Exception {
    List<List<String>> rows = sample.rows();
    rows.set(0, List.of("note", "zz" + rows.get(0).get(1) + "zz", "0.5"));
    refused(sample, rows);
  }

  private static void refused(Sample sample, List<List<String>> rows) throws IOException {
    assertThat(sample.files(rows).refusal().fault()).isEqualTo(BundleFault.AMBIGUOUS);
  }
}
