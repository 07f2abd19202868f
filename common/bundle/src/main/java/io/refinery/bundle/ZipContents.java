package io.refinery.bundle;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Names and labels for a ZIP to write. */
final class ZipContents {

  private ZipContents() {}

  /**
   * Writes labels as a table: the images' names first, then one column per number or text of a
   * label. Numbers read back bit for bit.
   *
   * @param source closed at the end
   */
  static ZipBundleWriter.Contents table(List<Column> columns, long count, Runnable source) {
    return new ZipBundleWriter.Contents() {
      @Override
      public ZipBundleWriter.Names names() throws BundleException {
        return new EntryNames(columns, count);
      }

      @Override
      public void writeLabels(ZipArchiveOutputStream zip) throws BundleException, IOException {
        if (!columns.isEmpty()) {
          zip.putArchiveEntry(ZipBundleWriter.entry(ZipBundle.LABELS));
          writeTable(columns, count, names(), zip);
          zip.closeArchiveEntry();
        }
      }

      @Override
      public void close() {
        source.run();
      }
    };
  }

  /**
   * Reads all labels as the writer of their table does.
   *
   * @throws BundleException when they cannot be written
   */
  static void check(List<Column> columns, long count) throws BundleException {
    try (ZipBundleWriter.Contents contents = table(columns, count, () -> {});
        ZipArchiveOutputStream nowhere =
            new ZipArchiveOutputStream(OutputStream.nullOutputStream())) {
      contents.writeLabels(nowhere);
    } catch (IOException e) {
      throw new UncheckedIOException("The labels cannot be checked", e);
    }
  }

  private static void writeTable(
      List<Column> columns, long count, ZipBundleWriter.Names names, ZipArchiveOutputStream zip)
      throws BundleException, IOException {
    List<ColumnText> texts = columns.stream().map(ColumnText::new).toList();
    CSVFormat format = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();
    CSVPrinter csv =
        new CSVPrinter(
            new BufferedWriter(new OutputStreamWriter(zip, StandardCharsets.UTF_8)), format);
    csv.printRecord(TableHeadings.of(texts));
    for (long row = 0; row < count; row++) {
      csv.print(names.next());
      for (ColumnText text : texts) {
        for (String cell : text.row(row, count)) {
          csv.print(cell);
        }
      }
      csv.println();
    }
    csv.flush();
  }
}
