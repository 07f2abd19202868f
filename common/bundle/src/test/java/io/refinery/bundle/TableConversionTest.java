package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.image.ImageShape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels of ZIPs on their way to HDF5 and back. */
class TableConversionTest {

  private static final ImageShape SHAPE = new ImageShape(1, 4, 5);

  @TempDir Path folder;

  /** Returns a ZIP of images with these names, and other files. */
  private Path zip(List<String> images, Map<String, String> files) throws IOException {
    Path plain =
        TestBundles.write(
            folder.resolve("plain.zip"),
            BundleFormat.ZIP,
            TestBundles.noise(SHAPE, images.size()),
            PixelType.UINT8,
            List.of());
    Path zip = folder.resolve("source.zip");
    try (ZipFile in = new ZipFile(plain.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (int i = 0; i < images.size(); i++) {
        out.putNextEntry(new ZipEntry(images.get(i)));
        out.write(in.getInputStream(in.getEntry(String.format("%06d.png", i))).readAllBytes());
      }
      for (Map.Entry<String, String> file : files.entrySet()) {
        out.putNextEntry(new ZipEntry(file.getKey()));
        out.write(file.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return zip;
  }

  private static String table(List<List<String>> rows) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CSVPrinter csv =
        new CSVPrinter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), CSVFormat.DEFAULT)) {
      csv.printRecords(rows);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private Path convert(Path source, String name, BundleFormat format) throws Exception {
    return TestBundles.rewrite(source, folder.resolve(name), format);
  }

  private static List<String> texts(Path hdf, String name) throws Exception {
    try (HdfBundle bundle = HdfBundle.open(hdf, BundleLimits.DEFAULT)) {
      Column column =
          bundle.columns().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
      ColumnText text = new ColumnText(column);
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < bundle.info().count(); i++) {
        cells.addAll(text.row(i, bundle.info().count()));
      }
      return cells;
    }
  }

  @Test
  void valuesSurviveFromZipToHdf5AndBackAndAgain() throws Exception {
    List<String> notes = List.of("a\nb", "say \"x\", y", "", " c ", "\r\n", "007");
    List<String> numbers =
        List.of("0.1", "-0.0", "4.9E-324", "NaN", "1.7976931348623157E308", "3.0");
    List<String> wholes = List.of("9007199254740993", "-1", "0", "1", "2", "9223372036854775807");
    List<String> names = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>(List.of(List.of("file", "note", "x", "id", "path")));
    for (int i = 0; i < notes.size(); i++) {
      names.add("eyes/" + i + ".png");
      rows.add(List.of(i + ".png", notes.get(i), numbers.get(i), wholes.get(i), "was/" + i));
    }
    Collections.reverse(rows.subList(1, rows.size()));
    Path hdf =
        convert(zip(names, Map.of("eyes/labels.csv", table(rows))), "a.h5", BundleFormat.HDF5);
    Path again = convert(convert(hdf, "b.zip", BundleFormat.ZIP), "c.h5", BundleFormat.HDF5);
    for (Path file : List.of(hdf, again)) {
      assertThat(texts(file, "note")).isEqualTo(notes);
      assertThat(texts(file, "x")).isEqualTo(numbers);
      assertThat(texts(file, "id")).isEqualTo(wholes);
      assertThat(texts(file, "image_path")).isEqualTo(names);
      assertThat(texts(file, "path")).startsWith("was/0", "was/1");
    }
    assertThat(TestBundles.info(again).labels()).isEqualTo(TestBundles.info(hdf).labels());
  }

  @Test
  void theReportNamesWhatHdf5DoesNotHold() throws Exception {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("labels.csv", "x\n1\n2\n");
    files.put("readme.md", "");
    files.put("a.json", "{\"boxes\": [{}]}");
    files.put("b.json", "{\"boxes\": [{}]}");
    Path source = zip(List.of("a.png", "b.png"), files);
    try (BundleWriter writer = writer(source, BundleFormat.HDF5)) {
      assertThat(writer.report().leftOut())
          .containsExactly(
              new Omission("*.json: boxes", "an array of objects cannot be a label"),
              new Omission("readme.md", "it is not a label"));
      assertThat(writer.report().remarks()).containsExactly("labels.csv is matched by order");
    }
    try (BundleWriter writer = writer(source, BundleFormat.ZIP)) {
      assertThat(writer.report().leftOut()).isEmpty();
      assertThat(writer.report().remarks()).containsExactly("labels.csv is matched by order");
    }
  }

  private BundleWriter writer(Path source, BundleFormat format) throws Exception {
    return Bundles.rewrite(
        folder.resolve("target"), format, source, BundleLimits.DEFAULT, TestBundles.PROVENANCE);
  }

  @Test
  void jsonBesideImagesBecomesDatasets() throws Exception {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("b.json", "{\"gaze\": {\"yaw\": 2}, \"points\": [[5, 6], [7, 8]]}");
    files.put("a.json", "{\"gaze\": {\"yaw\": 1}, \"points\": [[1, 2], [3, 4]]}");
    Path source = zip(List.of("a.png", "b.png"), files);
    Path hdf = convert(source, "a.h5", BundleFormat.HDF5);
    assertThat(texts(hdf, "gaze/yaw")).containsExactly("1.0", "2.0");
    for (Path file : List.of(source, hdf)) {
      try (BundleReader reader = Bundles.open(file, BundleLimits.DEFAULT)) {
        NumericLabel points = reader.numbers("points").orElseThrow();
        assertThat(points.columns()).isEqualTo(4);
        assertThat(points.read(1, 1)).containsExactly(5, 6, 7, 8);
      }
    }
  }

  @Test
  void theTrainerReadsTheSameLabels() throws Exception {
    Path source =
        zip(
            List.of("a.png", "b.png"),
            Map.of("Labels.TSV", "x\tgaze_0\tgaze_1\tid\n\t1\t2\tb\n7\t3\t4\ta\n"));
    try (BundleReader reader = Bundles.open(source, BundleLimits.DEFAULT)) {
      assertThat(reader.numbers("x").orElseThrow().read(0, 2)).containsExactly(7, Double.NaN);
      assertThat(reader.numbers("gaze").orElseThrow().read(0, 2)).containsExactly(3, 4, 1, 2);
    }
  }

  @Test
  void aLabelNamedImagesGetsAnotherNameInHdf5WithARemark() throws Exception {
    Path source = zip(List.of("a.png"), Map.of("labels.csv", "file,images\na.png,5\n"));
    try (BundleWriter writer = writer(source, BundleFormat.HDF5)) {
      assertThat(writer.report().remarks())
          .containsExactly("Label 'images' is 'images_label' in HDF5");
    }
    assertThat(texts(convert(source, "a.h5", BundleFormat.HDF5), "images_label"))
        .containsExactly("5.0");
    Path both =
        zip(List.of("a.png"), Map.of("labels.csv", "file,images,images_label\na.png,5,6\n"));
    assertThatThrownBy(() -> writer(both, BundleFormat.HDF5))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("'images_label' is taken");
  }

  @Test
  void twoLabelsOfOneHeadingAreRefusedInATable() throws Exception {
    List<Label> labels =
        List.of(Label.floats("a", 2, new float[4]), Label.floats("a_0", 1, new float[2]));
    Path hdf =
        TestBundles.write(
            folder.resolve("a.h5"),
            BundleFormat.HDF5,
            TestBundles.noise(SHAPE, 2),
            PixelType.UINT8,
            labels);
    assertThatThrownBy(() -> writer(hdf, BundleFormat.ZIP))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "Two labels would have the column 'a_0' of labels.csv; rename one, or request HDF5");
  }

  @Test
  void aLabelNameDoesNotHideTheImagesNames() throws Exception {
    Path zip =
        TestBundles.write(
            folder.resolve("a.zip"),
            BundleFormat.ZIP,
            TestBundles.noise(SHAPE, 2),
            PixelType.UINT8,
            List.of(Label.strings("name", List.of("ann", "bob"))));
    assertThat(TestBundles.info(zip).labels()).containsExactly("name");
    assertThat(texts(convert(zip, "a.h5", BundleFormat.HDF5), "name"))
        .containsExactly("ann", "bob");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed", "variable"})
  void textThatIsNotUtf8IsRefusedInATable(String kind) {
    byte[] latin = {'c', 'a', 'f', (byte) 0xE9};
    Column column = new TextColumn(latin, kind.equals("fixed"));
    assertThatThrownBy(() -> new ColumnText(column).row(0, 1))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void utf8InAsciiTextIsKept() throws Exception {
    byte[] text = Arrays.copyOf("é".getBytes(StandardCharsets.UTF_8), 4);
    assertThat(new ColumnText(new TextColumn(text, true)).row(0, 1)).containsExactly("é");
  }

  private static final class TextColumn implements Column {

    private final byte[] value;
    private final boolean fixed;

    TextColumn(byte[] value, boolean fixed) {
      this.value = value;
      this.fixed = fixed;
    }

    @Override
    public String name() {
      return "text";
    }

    @Override
    public HdfType type() {
      return fixed
          ? HdfType.parse(ByteBuffer.wrap(new byte[] {0x13, 1, 0, 0, (byte) value.length, 0, 0, 0}))
          : HdfType.strings();
    }

    @Override
    public long[] rowDims() {
      return new long[0];
    }

    @Override
    public void read(long from, int count, byte[] into) {
      System.arraycopy(value, 0, into, 0, value.length);
    }

    @Override
    public byte[][] readVariable(long from, int count) {
      return new byte[][] {value};
    }
  }
}
