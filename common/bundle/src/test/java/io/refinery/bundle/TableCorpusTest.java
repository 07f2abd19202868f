package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.refinery.image.ImageBatch;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares ZIPs with odd tables and sidecars with the right answers of tables/make_tables.py. */
@TestInstance(Lifecycle.PER_CLASS)
class TableCorpusTest {

  private static final int HEIGHT = 6;
  private static final int WIDTH = 5;

  private final Map<String, Answer> answers = new LinkedHashMap<>();

  @TempDir Path folder;

  /** A label with its flat values. */
  private record Expected(String name, String type, String shape, List<String> values) {}

  /** The right answer for a ZIP. */
  private static final class Answer {
    private final List<Expected> labels = new ArrayList<>();
    private final Map<String, List<String>> lists = new LinkedHashMap<>();

    List<String> list(String kind) {
      return lists.getOrDefault(kind, List.of());
    }
  }

  private static Path fixture(String name) {
    return TestBundles.fixture("../tables/" + name);
  }

  @BeforeAll
  void readAnswers() throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setIgnoreEmptyLines(false).get();
    try (Reader text = Files.newBufferedReader(fixture("answers.csv"))) {
      for (CSVRecord line : format.parse(text)) {
        List<String> cells = line.toList();
        Answer answer = answers.computeIfAbsent(cells.get(0), any -> new Answer());
        if (cells.get(1).equals("label")) {
          answer.labels.add(
              new Expected(
                  cells.get(2), cells.get(3), cells.get(4), cells.subList(5, cells.size())));
        } else {
          answer.lists.put(cells.get(1), cells.subList(2, cells.size()));
        }
      }
    }
  }

  List<String> files() {
    return List.copyOf(answers.keySet());
  }

  /** Copies a ZIP as HDF5 without changing its images, and checks what is said about it. */
  private Path convert(String name, Answer answer) throws BundleException, IOException {
    BundleOptions options = BundleOptions.DEFAULT.withImages(answer.list("select"));
    Path target = folder.resolve(name.replace(".zip", ".h5"));
    try (BundleReader reader = Bundles.open(fixture(name), BundleLimits.DEFAULT, options);
        BundleWriter writer =
            Bundles.rewrite(
                target,
                BundleFormat.HDF5,
                fixture(name),
                BundleLimits.DEFAULT,
                options,
                TestBundles.PROVENANCE)) {
      for (var batch = reader.read(4); batch.isPresent(); batch = reader.read(4)) {
        writer.write(batch.get());
      }
      writer.finish();
      RewriteReport report = writer.report();
      assertThat(report.remarks()).isEqualTo(answer.list("remarks"));
      assertThat(report.leftOut()).extracting(Omission::what).isEqualTo(answer.list("left_out"));
      assertThat(
              Bundles.conversion(fixture(name), BundleFormat.HDF5, BundleLimits.DEFAULT, options))
          .isEqualTo(report);
    }
    return target;
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyTableHasItsRightAnswer(String name) throws Exception {
    Answer answer = answers.get(name);
    if (!answer.list("refused").isEmpty()) {
      assertRefused(name, answer);
      return;
    }
    Path hdf = convert(name, answer);
    checkImages(hdf);
    try (HdfBundle bundle = HdfBundle.open(hdf, BundleLimits.DEFAULT)) {
      assertThat(bundle.columns())
          .extracting(Column::name)
          .containsExactlyInAnyOrderElementsOf(answer.labels.stream().map(Expected::name).toList());
      for (Expected label : answer.labels) {
        check(label, bundle);
      }
    }
  }

  private void assertRefused(String name, Answer answer) throws IOException {
    List<String> refusal = answer.list("refused");
    try {
      convert(name, answer);
    } catch (BundleException e) {
      assertThat(e.fault().name()).as(e.getMessage()).isEqualTo(refusal.get(0));
      assertThat(e)
          .hasMessageContainingAll(refusal.subList(1, refusal.size()).toArray(String[]::new));
      return;
    }
    throw new AssertionError(name + " is not refused");
  }

  private static void checkImages(Path hdf) throws BundleException {
    ImageBatch images = TestBundles.read(hdf);
    for (int at = 0; at < images.pixels().length; at++) {
      int place = at % (HEIGHT * WIDTH);
      int level = 37 * (at / (HEIGHT * WIDTH)) + 11 * (place / WIDTH) + 5 * (place % WIDTH);
      assertThat(Math.round((images.pixels()[at] + 1) * 127.5f)).isEqualTo(level % 256);
    }
  }

  private static void check(Expected expected, HdfBundle bundle) throws BundleException {
    Column column =
        bundle.columns().stream()
            .filter(label -> label.name().equals(expected.name()))
            .findFirst()
            .orElseThrow();
    int count = Math.toIntExact(bundle.info().count());
    assertThat(HdfText.dims(column.rowDims())).as(expected.name()).isEqualTo(expected.shape());
    List<String> values =
        expected.type().equals("float64")
            ? expected.values().stream().map(v -> Double.toString(Double.parseDouble(v))).toList()
            : expected.values();
    assertThat(values(column, count, expected.type()))
        .as(expected.name())
        .containsExactlyElementsOf(values);
  }

  private static List<String> values(Column column, int count, String type) throws BundleException {
    List<String> values = new ArrayList<>();
    if (type.equals("text")) {
      for (byte[] value : column.readVariable(0, count)) {
        values.add(new String(value, StandardCharsets.UTF_8));
      }
      return values;
    }
    assertThat(column.type().description()).isEqualTo(type);
    byte[] bytes = new byte[count * column.rowElements() * Double.BYTES];
    column.read(0, count, bytes);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      values.add(
          type.equals("int64")
              ? Long.toString(buffer.getLong())
              : Double.toString(buffer.getDouble()));
    }
    return values;
  }

  @Test
  void h5pyFindsTheRightAnswersToo() throws Exception {
    assumeTrue(H5py.isThere(), "python3 with h5py is not installed");
    for (Map.Entry<String, Answer> answer : answers.entrySet()) {
      if (answer.getValue().list("refused").isEmpty()) {
        convert(answer.getKey(), answer.getValue());
      }
    }
    assertThat(H5py.run(fixture("make_tables.py").toString(), "check", folder.toString()))
        .isEmpty();
  }
}
