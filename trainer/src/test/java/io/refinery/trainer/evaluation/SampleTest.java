package io.refinery.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.Label;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.trainer.evaluation.Augmentation.Shift;
import io.refinery.trainer.feed.LevelsOnlyReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTest {

  private static final ImageShape SHAPE = new ImageShape(1, 2, 3);
  private static final int COUNT = 200;

  @TempDir Path folder;

  @Test
  void theRequestedNumberIsDrawnAndLabelsStayWithTheirImages() throws Exception {
    DomainSample domain = read(Scenes.every(10, COUNT), 30, Set.of("number"));
    assertThat(domain.heldOut().count()).isEqualTo(20);
    assertThat(domain.training().count()).isEqualTo(30);
    for (Sample sample : List.of(domain.heldOut(), domain.training())) {
      List<double[]> labels = sample.label("number").orElseThrow();
      for (int i = 0; i < sample.count(); i++) {
        assertThat(sample.levels().get(i)[0] & 0xFF).isEqualTo((int) labels.get(i)[0]);
      }
    }
  }

  @Test
  void heldOutImagesAreNeverDrawnForTraining() throws Exception {
    DomainSample domain = read(Scenes.every(10, COUNT), COUNT, Set.of("number"));
    assertThat(domain.training().count()).isEqualTo(180);
    assertThat(domain.training().label("number").orElseThrow())
        .allSatisfy(label -> assertThat(label[0] % 10).isNotZero());
    assertThat(domain.heldOut().label("number").orElseThrow())
        .extracting(label -> label[0])
        .isSorted()
        .contains(0.0, 190.0);
  }

  @Test
  void everyImageIsDrawnWithEqualProbability() throws Exception {
    int[] drawn = new int[COUNT];
    Path file = bundle();
    for (int seed = 0; seed < 300; seed++) {
      DomainSample domain =
          DomainSample.read(
              Scenes.opener(file),
              new DomainSample.Choice(Set.of(), false, 50, seed),
              Set.of("number"));
      domain.training().label("number").orElseThrow().forEach(label -> drawn[(int) label[0]]++);
    }
    // 300 draws with probability 1/4: mean 75, standard deviation 7.5.
    assertThat(IntStream.of(drawn).min().orElseThrow()).isGreaterThan(40);
    assertThat(IntStream.of(drawn).max().orElseThrow()).isLessThan(110);
  }

  @Test
  void aLabelThatIsNotANumberIsLeftOutAndNamed() throws Exception {
    DomainSample domain = read(Set.of(1L), COUNT, Set.of("number", "words"));
    assertThat(domain.training().label("number")).isPresent();
    assertThat(domain.training().label("words")).isEmpty();
    assertThat(domain.problems().get("words")).contains("Label 'words' of image 0 is 'left'");
  }

  @Test
  void eightBitImagesAreNotReadAsFloats() throws Exception {
    Path file = bundle();
    for (boolean equalise : new boolean[] {false, true}) {
      DomainSample domain =
          DomainSample.read(
              () -> new LevelsOnlyReader(Scenes.opener(file).open()),
              new DomainSample.Choice(Set.of(0L), equalise, COUNT, 1),
              Set.of("number"));
      assertThat(domain.training().count()).isEqualTo(COUNT - 1);
    }
  }

  @Test
  void aPointMovesWithItsPixelAndBack() {
    SplittableRandom random = new SplittableRandom(1);
    ImageShape shape = new ImageShape(1, 9, 11);
    for (Shift move : new Augmentation(2, true, false).moves(50, random)) {
      float[] pixels = new float[shape.values()];
      pixels[4 * 11 + 3] = 1;
      ImageBatch moved = Augmentation.moved(new ImageBatch(1, shape, pixels), new Shift[] {move});
      int x = (int) move.x(3, 11);
      int y = (int) move.y(4);
      assertThat(moved.pixels()[y * 11 + x]).isEqualTo(1);
      assertThat(move.originX(x, 11)).isEqualTo(3);
      assertThat(move.originY(y)).isEqualTo(4);
    }
  }

  @Test
  void blurringKeepsTheMeanAndSpreadsAPixel() {
    ImageShape shape = new ImageShape(1, 5, 5);
    float[] pixels = new float[25];
    pixels[12] = 1;
    ImageBatch images = new ImageBatch(1, shape, pixels);
    Augmentation.blur(images, 0);
    assertThat(pixels[12]).isEqualTo(0.25f);
    assertThat(pixels[11]).isEqualTo(0.125f);
    assertThat(pixels[6]).isEqualTo(0.0625f);
    assertThat(pixels[0]).isZero();
  }

  private DomainSample read(Set<Long> heldOut, int most, Set<String> labels) throws Exception {
    return DomainSample.read(
        Scenes.opener(bundle()), new DomainSample.Choice(heldOut, false, most, 1), labels);
  }

  /** The first pixel of image i has level i, as its label says. */
  private Path bundle() throws Exception {
    float[] pixels = new float[COUNT * SHAPE.values()];
    float[] numbers = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      pixels[i * SHAPE.values()] = i / 127.5f - 1;
      numbers[i] = i;
    }
    return Scenes.write(
        folder.resolve("numbers.h5"),
        new ImageBatch(COUNT, SHAPE, pixels),
        List.of(
            Label.floats("number", 1, numbers),
            Label.strings("words", IntStream.range(0, COUNT).mapToObj(i -> "left").toList())));
  }
}
