package io.refinery.bundle.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.Inventory.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each image gets its own row, or the bundle is refused. */
class TableMatchingTest {

  private static void ambiguous(MemoryFiles files, String... parts) {
    BundleException refusal = files.refusal();
    assertThat(refusal).hasMessageContainingAll(parts);
    assertThat(refusal.fault()).isEqualTo(BundleFault.AMBIGUOUS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data/labels.csv|data/eyes/%d.png|",
        "data/labels.csv|eyes/%d.png|",
        "data/eyes/labels.csv|%d.png|",
        "data/labels.csv|eyes\\%d.png|path in its folder, with slashes for backslashes",
        "data/eyes/labels.csv|./%d.png|path in its folder, with slashes for backslashes",
        "data/meta/labels.csv|../eyes/%d.png|path in its folder, with slashes for backslashes",
        "data/labels.csv|C:\\renders\\%d.png|file name without folders",
        "data/labels.csv|%d.jpg|file name without its ending",
        "data/labels.csv|D:\\renders\\%d.bmp|file name without its ending",
        "data/labels.csv|%d|file name without its ending",
        "data/labels.csv|%03d|number in the file name",
      })
  void rowsAreMatchedByTheTightestNameThatFits(String file, String cell, String remark)
      throws Exception {
    ReadLabels labels = MemoryFiles.numbered("data/eyes/", 11).with(file, table(cell, 11)).read();
    assertThat(labels.values("x"))
        .containsExactly(
            "1.5", "2.5", "3.5", "4.5", "5.5", "6.5", "7.5", "8.5", "9.5", "10.5", "11.5");
    if (remark == null) {
      assertThat(labels.labels().remarks()).isEmpty();
    } else {
      assertThat(labels.labels().remarks())
          .singleElement()
          .asString()
          .isEqualTo(file + " is matched by " + remark + " (column 'file')");
    }
  }

  /** Returns rows in reverse. */
  private static String[] table(String cell, int count) {
    String[] lines = new String[count + 1];
    lines[0] = "x,file";
    for (int i = 1; i <= count; i++) {
      lines[count + 1 - i] = i + ".5," + String.format(cell, i);
    }
    return lines;
  }

  @Test
  void anIndexInTheFirstColumnDoesNotHideTheNames() throws Exception {
    ReadLabels labels =
        MemoryFiles.images("0.png", "1.png", "2.png")
            .with("labels.csv", ",file,x", "0,2.png,20", "1,1.png,10", "2,0.png,0")
            .read();
    assertThat(labels.values("x")).containsExactly("0.0", "10.0", "20.0");
    assertThat(labels.names()).containsExactly("column_0", "x", "path");
  }

  @Test
  void anotherEndingIsMatchedEvenWhenTheBundleIsInTextOrder() throws Exception {
    ReadLabels labels =
        MemoryFiles.images("1.png", "10.png", "2.png")
            .with("labels.csv", "frame,x", "1,1", "2,2", "10,10")
            .read();
    assertThat(labels.values("x")).containsExactly("1.0", "10.0", "2.0");
    assertThat(labels.values("frame")).containsExactly("1.0", "10.0", "2.0");
  }

  @Test
  void numberedImagesInTextOrderAreNotMatchedByOrder() {
    ambiguous(
        MemoryFiles.images("eye1.png", "eye10.png", "eye2.png")
            .with("labels.csv", "x,y", "0.1,1", "0.2,2", "0.3,3"),
        "the images' order in the bundle differs from that of their names");
  }

  @Test
  void rowsWithoutNamesAreMatchedByOrderWhereThereIsOnlyOne() throws Exception {
    ReadLabels labels =
        MemoryFiles.images("a.png", "b.png", "c.png")
            .with("labels.csv", "x,y", "0.1,1", "0.2,2", "0.3,3")
            .read();
    assertThat(labels.values("y")).containsExactly("1.0", "2.0", "3.0");
    assertThat(labels.labels().remarks()).containsExactly("labels.csv is matched by order");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file,x;q.png,1;r.png,2;s.png,3|seems to hold other names",
        "original,x;q.png,1;r.png,2;s.png,3|seems to hold other names",
        "who,x;ann,1;bob,2;cid,3|seems to hold other names",
        "frameId,x;1,1;1,2;1,3|seems to hold other names",
        "x,y;7,1;7,2|it has 2 rows for 3 images",
        "file,x;b.png,1;r.png,2;s.png,3|column 'file' has 2 of 3 images without a row ('a.png',"
            + " 'c.png'), and 2 of 3 rows without an image ('r.png', 's.png')",
        "file,x;a.png,1;b.png,2;b.png,3|1 of 3 images without a row ('c.png'), and 1 row for an"
            + " image that has one already ('b.png')",
        "file,x;a.png,1;b.png,2;c.png,3;a.png,1|column 'file' has 1 row for an image that has one"
            + " already ('a.png')",
        "file,x;a.png,1;b.png,2|column 'file' has 1 of 3 images without a row ('c.png')",
        "file,other,x;a.png,b.png,1;b.png,c.png,2;c.png,a.png,3|two columns that name the images,"
            + " 'file' and 'other', but they differ",
        "a.png,1,2;b.png,1,2;c.png,1,2|no header",
        "0.1,1;0.2,2;0.3,3;0.4,4|no header",
        "file,x,x,x;a.png,1,2,3;b.png,1,2,3;c.png,1,2,3|several columns with the heading 'x', 'x'",
      })
  void tablesThatDoNotMatchOneToOneAreRefused(String lines, String message) {
    ambiguous(
        MemoryFiles.images("a.png", "b.png", "c.png").with("labels.csv", lines.split(";")),
        message);
  }

  @Test
  void twoImagesOfOneFileNameAreNotMatchedByIt() {
    ambiguous(
        MemoryFiles.images("a/1.png", "b/1.png")
            .with("labels.csv", "file,x", "c/1.png,1", "d/1.png,2"),
        "several images have the same file name without folders");
  }

  @Test
  void aTableIsForTheImagesInItsFolder() throws Exception {
    ReadLabels labels =
        MemoryFiles.numbered("train/", 2)
            .with("train/labels.csv", "file,x", "2.png,102", "1.png,101")
            .with("test/1.png", "")
            .with("test/2.png", "")
            .with("test/labels.csv", "file,x", "2.png,202", "1.png,201")
            .read();
    assertThat(labels.values("x")).containsExactly("101.0", "102.0", "201.0", "202.0");
    assertThat(labels.labels().remarks()).isEmpty();
  }

  @Test
  void aTableAboveIsForTheImagesThatHaveNoNearerOne() throws Exception {
    MemoryFiles files =
        MemoryFiles.images("0.png", "real/1.png", "real/2.png")
            .with("real/labels.csv", "file,x", "2.png,2", "1.png,1");
    assertThat(files.with("labels.csv", "file,x", "0.png,0").read().values("x"))
        .containsExactly("0.0", "1.0", "2.0");
    ambiguous(
        files.with("labels.csv", "file,x", "5.png,0", "6.png,0"),
        "its column 'file' seems to hold other names");
  }

  @Test
  void tablesOfDifferentColumnsForTheSameImagesAreJoined() throws Exception {
    ReadLabels labels =
        MemoryFiles.numbered("imgs/", 2)
            .with("labels.csv", "file,x", "imgs/2.png,2", "imgs/1.png,1")
            .with("imgs/pose.tsv", "file\tyaw", "1.png\t10", "2.png\t20")
            .read();
    assertThat(labels.names()).containsExactly("x", "yaw", "path");
    assertThat(labels.values("x")).containsExactly("1.0", "2.0");
    assertThat(labels.values("yaw")).containsExactly("10.0", "20.0");
  }

  @Test
  void aHeadingInTwoTablesMustHaveEqualCells() throws Exception {
    MemoryFiles files =
        MemoryFiles.numbered("", 2).with("labels.csv", "file,x", "2.png,2", "1.png,1");
    assertThat(files.with("more.csv", "file,x", "1.png,1", "2.png,2").read().values("x"))
        .containsExactly("1.0", "2.0");
    ambiguous(
        files.with("more.csv", "file,x", "1.png,1", "2.png,3"),
        "'labels.csv' and 'more.csv' differ in column 'x' for image '2.png'");
  }

  @Test
  void tablesOfDifferentImagesMustHaveTheSameHeadings() {
    ambiguous(
        MemoryFiles.images("a/1.png", "b/1.png")
            .with("a/labels.csv", "file,x", "1.png,1")
            .with("b/labels.csv", "file,y", "1.png,1"),
        "Column 'x' of a/labels.csv is missing for 1 of 2 images ('b/1.png')");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Labels.CSV",
        "imgs/LABELS.csv",
        "imgs\\labels.csv",
        "labels.txt",
        "meta/labels.tsv"
      })
  void aTableOfLabelsIsFoundInAnyCaseAndFolder(String name) throws Exception {
    MemoryFiles files = MemoryFiles.numbered("imgs/", 2);
    ReadLabels labels = files.with(name, "file,x", "2.png,2", "1.png,1").read();
    assertThat(labels.values("x")).containsExactly("1.0", "2.0");
    assertThat(labels.labels().isLabelFile(name)).isTrue();
    assertThat(files.with(name, "file,x", "2.png,2").refusal().fault())
        .isEqualTo(BundleFault.AMBIGUOUS);
  }

  @Test
  void anotherTableThatDoesNotMatchIsCarriedWithTheReason() throws Exception {
    ReadLabels labels =
        MemoryFiles.numbered("", 2)
            .with("people.csv", "name,age", "ann,30", "bob,40")
            .with("latin.csv", new byte[] {'a', ',', (byte) 0xE9})
            .with("notes/readme.md", "")
            .with("__MACOSX/._labels.csv", "x")
            .read();
    assertThat(labels.names()).containsExactly("path");
    assertThat(labels.labels().items().stream().filter(i -> i.role() == Role.CARRIED))
        .extracting("name")
        .containsExactly("people.csv", "latin.csv", "notes/readme.md", "__MACOSX/._labels.csv");
    assertThat(labels.labels().leftOut().get(0).why())
        .isEqualTo(
            "it is not a table of labels: 'people.csv' has no column that names images such as"
                + " '1.png'");
    assertThat(labels.labels().isLabelFile("people.csv")).isFalse();
  }

  @Test
  void aColumnPathKeepsItsValues() throws Exception {
    ReadLabels labels =
        MemoryFiles.numbered("", 2)
            .with("labels.csv", "file,path", "2.png,raw/two", "1.png,raw/one")
            .read();
    assertThat(labels.values("path")).containsExactly("raw/one", "raw/two");
    assertThat(labels.values("image_path")).containsExactly("1.png", "2.png");
    ambiguous(
        MemoryFiles.numbered("", 2)
            .with("labels.csv", "file,image_path", "2.png,raw/two", "1.png,raw/one"),
        "Label 'image_path' of labels.csv does not hold the images' names; rename it");
  }

  @Test
  void aNameColumnThatSaysMoreThanTheNameStaysALabel() throws Exception {
    ReadLabels labels =
        MemoryFiles.numbered("", 2)
            .with("labels.csv", "origin,x", "C:\\r\\2.png,2", "C:\\r\\1.png,1")
            .read();
    assertThat(labels.values("origin")).containsExactly("C:\\r\\1.png", "C:\\r\\2.png");
  }

  @Test
  void headingsThatCannotBothBeDatasetsAreRefused() {
    ambiguous(
        MemoryFiles.numbered("", 1).with("labels.csv", "file,a,a/b", "1.png,1,2"),
        "Label 'a' has the name of a group of labels");
    ambiguous(MemoryFiles.numbered("", 1).with("labels.csv", "file,a,a/", "1.png,1,2"), "'a/'");
  }

  @Test
  void aBundleWithoutLabelsHasTheNamesOfItsImages() throws Exception {
    ReadLabels labels = MemoryFiles.numbered("", 2).read();
    assertThat(labels.values("path")).containsExactly("1.png", "2.png");
    assertThat(labels.labels().names()).isEmpty();
    assertThat(labels.labels().items()).isEmpty();
  }
}
