package io.refinery.bundle.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How tables are written, and what their cells become. */
class TableDialectTest {

  private static MemoryFiles two(String... lines) {
    return MemoryFiles.numbered("", 2).with("labels.csv", lines);
  }

  private static void refused(MemoryFiles files, BundleFault fault, String message) {
    BundleException refusal = files.refusal();
    assertThat(refusal).hasMessageContaining(message);
    assertThat(refusal.fault()).isEqualTo(fault);
  }

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t", "|"})
  void delimitersAreFound(String delimiter) throws Exception {
    ReadLabels labels =
        two(
                String.join(delimiter, "file", "x", "note"),
                String.join(delimiter, "2.png", "2", "\"b, ; | \t\""),
                String.join(delimiter, "1.png", "1", "\"\"\"a\"\"\nb\""))
            .read();
    assertThat(labels.values("x")).containsExactly("1.0", "2.0");
    assertThat(labels.values("note")).containsExactly("\"a\"\nb", "b, ; | \t");
  }

  @Test
  void aLineOfExcelNamesTheDelimiter() throws Exception {
    ReadLabels labels = two("sep=;", "file;x,y", "2.png;2,5", "1.png;1,5").read();
    assertThat(labels.values("x,y")).containsExactly("1,5", "2,5");
    refused(two("file;x,y", "2.png;2,5", "1.png;1,5"), BundleFault.AMBIGUOUS, "comma or semicolon");
  }

  @Test
  void decimalCommasStayTextWithARemark() throws Exception {
    ReadLabels labels = two("file;x", "2.png;2,5", "1.png;1,5").read();
    assertThat(labels.values("x")).containsExactly("1,5", "2,5");
    assertThat(labels.labels().remarks()).singleElement().asString().contains("decimal commas");
  }

  @Test
  void aTableOfOneColumnIsRead() throws Exception {
    assertThat(two("x", "0.5", "0.25").read().values("x")).containsExactly("0.5", "0.25");
  }

  @Test
  void theEmptyRowsOfASpreadsheetAreNotRows() throws Exception {
    ReadLabels labels = two("file,x", "2.png,2", ",", "1.png,1", "", ",", "").read();
    assertThat(labels.values("x")).containsExactly("1.0", "2.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "file,x;1.png,1;2.png,2,3|Line 3 of 'labels.csv' has 3 cells, but the header has 2",
        "file,x;1.png;2.png,2|Line 2 of 'labels.csv' has 1 cell, but the header has 2",
        "file,x;\"1.png\"a,1;2.png,2|'labels.csv' has a wrong quote",
        "file,x;\"1.png,1;2.png,2|'labels.csv' has a wrong quote",
      })
  void raggedLinesAreRefusedWithTheirNumber(String lines, String message) {
    refused(two(lines.split(";")), BundleFault.UNREADABLE, message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
  void byteOrderMarksAreUnderstood(String charset) throws Exception {
    byte[] bytes = "\uFEFFfile,x\n2.png,é\n1.png,日本".getBytes(Charset.forName(charset));
    ReadLabels labels = MemoryFiles.numbered("", 2).with("labels.csv", bytes).read();
    assertThat(labels.values("x")).containsExactly("日本", "é");
  }

  @Test
  void otherEncodingsAreRefusedWithTheirPlace() {
    byte[] latin = "file,x\n1.png,a\n2.png,caf\u00E9\n".getBytes(StandardCharsets.ISO_8859_1);
    refused(
        MemoryFiles.numbered("", 2).with("labels.csv", latin),
        BundleFault.UNSUPPORTED,
        "Line 3 of 'labels.csv' is not UTF-8: byte 10 of the line is 0xE9; save the file as UTF-8");
    byte[] unmarked = "file,x".getBytes(StandardCharsets.UTF_16LE);
    refused(
        MemoryFiles.numbered("", 2).with("labels.csv", unmarked),
        BundleFault.UNSUPPORTED,
        "UTF-16 without a byte order mark");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|2|FLOAT64|1.0|2.0",
        "-0|+5.|FLOAT64|-0.0|5.0",
        "0.1|-1.5E-7|FLOAT64|0.1|-1.5E-7",
        "0.30000000000000004|3|FLOAT64|0.30000000000000004|3.0",
        "1.000000000000000056e-01|2.500000000000000000e+00|FLOAT64|0.1|2.5",
        "0.12345678901234567890|3|TEXT|0.12345678901234567890|3",
        "''|0.5|FLOAT64|NaN|0.5",
        "nan|-INF|FLOAT64|NaN|-Infinity",
        "9007199254740992|1|FLOAT64|9.007199254740992E15|1.0",
        "9007199254740993|1|INT64|9007199254740993|1",
        "-9223372036854775808|9223372036854775807|INT64|-9223372036854775808|9223372036854775807",
        "9223372036854775808|1|TEXT|9223372036854775808|1",
        "9007199254740993|0.5|TEXT|9007199254740993|0.5",
        "9007199254740993|''|TEXT|9007199254740993|''",
        "007|8|TEXT|007|8",
        "00.5|1|TEXT|00.5|1",
        "''|''|TEXT|''|''",
        "1e400|1|TEXT|1e400|1",
        "1e-400|1|TEXT|1e-400|1",
        "1d|1|TEXT|1d|1",
        "0x1|1|TEXT|0x1|1",
        "NA|1|TEXT|NA|1",
        "true|false|TEXT|true|false",
      })
  void cellsAreNumbersOnlyIfNothingIsLost(
      String first, String second, ImageLabel.Type type, String firstValue, String secondValue)
      throws Exception {
    ReadLabels labels = two("file,v", "1.png," + first, "2.png," + second).read();
    assertThat(labels.label("v").type()).isEqualTo(type);
    assertThat(labels.values("v")).isEqualTo(List.of(firstValue, secondValue));
  }

  @Test
  void textIsKeptAsItIs() throws Exception {
    ReadLabels labels = two("file,v", "1.png,\" a \"", "2.png,\"\"").read();
    assertThat(labels.values("v")).containsExactly(" a ", "");
  }
}
