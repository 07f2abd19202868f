package io.refinery.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BundleCommandTest {

  @TempDir Path folder;

  private record Ended(int code, List<String> out, String err) {}

  private static Ended refinery(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Refinery.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    String[] words = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
    int code = command.execute(words);
    return new Ended(code, out.toString().lines().toList(), err.toString());
  }

  /** Writes images with one bright pixel each, whose place is a label. */
  private Path photos() throws IOException {
    Path photos = Files.createDirectory(folder.resolve("photos"));
    StringBuilder table = new StringBuilder("iris_x,iris_y,file\n");
    for (int i = 0; i < 5; i++) {
      BufferedImage image = new BufferedImage(20, 10, BufferedImage.TYPE_BYTE_GRAY);
      image.getRaster().setSample(3 + i, 2 + i, 0, 255);
      ImageIO.write(image, "png", photos.resolve(i + ".png").toFile());
      table.append("%d.5,%d.5,%d.png%n".formatted(3 + i, 2 + i, i));
    }
    Files.writeString(photos.resolve("labels.csv"), table);
    Files.writeString(photos.resolve("notes.txt"), "taken at noon");
    return photos;
  }

  @Test
  void aFolderIsPackedCheckedAndUnpacked() throws Exception {
    Path bundle = folder.resolve("photos.h5");
    Path drawing = folder.resolve("photos.png");

    Ended packed = refinery("bundle", "pack", photos(), "--output", bundle);
    assertThat(packed.err()).isEmpty();
    assertThat(packed.code()).isZero();
    assertThat(packed.out())
        .contains(bundle + ": 5 images of 20x10 gray", "label    iris_x", "label    iris_y")
        .anyMatch(line -> line.startsWith("left out notes.txt: "));

    Ended checked = refinery("bundle", "check", bundle, "--draw", drawing);
    assertThat(checked.code()).isZero();
    assertThat(checked.out())
        .anyMatch(line -> line.startsWith("images   images: uint8, 5 of 20x10 gray"))
        .anyMatch(line -> line.startsWith("label    iris_x: float64, 3.5 to 7.5"))
        .anyMatch(line -> line.startsWith("sound    all 5 images of 20x10 gray can be read; mean"))
        .contains("to HDF5  nothing is left out", "drawn    " + drawing + ": iris")
        .contains("to ZIP   without /@refinery.packed: a ZIP of images has no attributes");
    assertThat(ImageIO.read(drawing.toFile()).getWidth()).isGreaterThan(1000);

    Path unpacked = folder.resolve("unpacked");
    assertThat(refinery("bundle", "unpack", bundle, "--output", unpacked).code()).isZero();
    assertThat(unpacked.resolve("labels.csv")).content().contains("3.5");
    assertThat(unpacked.resolve("4.png")).exists();
  }

  @Test
  void whatAConversionWouldLeaveOutIsSaid() throws Exception {
    Path photos = photos();
    Path zip = folder.resolve("photos.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (String name : List.of("0.png", "1.png", "notes.txt")) {
        out.putNextEntry(new ZipEntry(name));
        out.write(Files.readAllBytes(photos.resolve(name)));
      }
      out.putNextEntry(new ZipEntry("labels.csv"));
      out.write("file,images\n1.png,1\n0.png,0\n".getBytes(StandardCharsets.UTF_8));
    }

    Ended checked = refinery("bundle", "check", zip);

    assertThat(checked.code()).isZero();
    assertThat(checked.out())
        .containsSubsequence(
            "carried  notes.txt: it is not a label",
            "to HDF5  without notes.txt: it is not a label",
            "to HDF5  note: Label 'images' is 'images_label' in HDF5",
            "to ZIP   nothing is left out");
  }

  @Test
  void aBundleThatCannotBeRefinedIsSaidToBeSoWithTheCode() throws Exception {
    Path text = Files.writeString(folder.resolve("text.h5"), "This is not a bundle.");

    Ended checked = refinery("bundle", "check", text);

    assertThat(checked.code()).isOne();
    assertThat(checked.err()).startsWith("refinery: NOT_A_BUNDLE: ");
  }

  @Test
  void labelsThatDoNotMatchAreNotPacked() throws Exception {
    Path photos = photos();
    Files.delete(photos.resolve("3.png"));
    Path bundle = folder.resolve("photos.h5");

    Ended packed = refinery("bundle", "pack", photos, "--output", bundle);

    assertThat(packed.code()).isOne();
    assertThat(packed.err()).startsWith("refinery: AMBIGUOUS: ").contains("3.png");
    assertThat(bundle).doesNotExist();
  }

  @Test
  void mistakesOfACommandAreFoundBeforeTheWork() throws Exception {
    Path photos = photos();
    Path there = Files.writeString(folder.resolve("there.h5"), "");

    assertMistake("There is no", "bundle", "check", folder.resolve("none.h5"));
    assertMistake("must end in .h5", "bundle", "pack", photos, "-o", folder.resolve("a.zip"));
    assertMistake("There is no folder", "bundle", "pack", photos, "-o", folder.resolve("x/a.h5"));
    assertMistake("--overwrite", "bundle", "pack", photos, "-o", there);
    assertMistake(
        "WIDTHxHEIGHT", "bundle", "pack", photos, "-o", folder.resolve("a.h5"), "--size", "55");
    assertMistake(
        "WIDTHxHEIGHT", "bundle", "pack", photos, "-o", folder.resolve("a.h5"), "--size", "0x35");
    assertMistake("is not empty", "bundle", "unpack", there, "-o", photos);
  }

  private static void assertMistake(String sentence, Object... arguments) {
    Ended ended = refinery(arguments);
    assertThat(ended.code()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(ended.err()).contains(sentence);
  }
}
