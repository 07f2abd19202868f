package io.refinery.trainer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.trainer.event.TrainingEvent.Finding;
import io.refinery.trainer.event.TrainingEvent.Guard;
import io.refinery.trainer.feed.Domain;
import io.refinery.trainer.feed.FirstImages;
import io.refinery.trainer.feed.ImageFigures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainCheckTest {

  private static final int BATCH = 8;
  private static final DomainImages SYNTHETIC = domain("synthetic", images("s", 40));
  private static final DomainImages REAL = domain("real", images("r", 40));

  @Test
  void domainsThatCanTeachGiveNoFinding() {
    assertThat(DomainCheck.check(SYNTHETIC, REAL, BATCH)).isEmpty();
  }

  @Test
  void theSameBundleAsBothDomainsIsRefused() {
    DomainImages same = new DomainImages("real", "s.h5", SYNTHETIC.bundles(), REAL.first(), held());
    assertThat(DomainCheck.check(SYNTHETIC, same, BATCH))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.guard()).isEqualTo(Guard.SHARED_IMAGES);
              assertThat(finding.fatal()).isTrue();
              assertThat(finding.sentence()).contains("40 synthetic images (synthetic.h5)");
            });
  }

  @Test
  void theSameImagesInAnotherFileAreRefused() {
    List<ImageFigures> reversed = new ArrayList<>(images("s", 40));
    Collections.reverse(reversed);
    assertThat(DomainCheck.check(SYNTHETIC, domain("real", reversed), BATCH))
        .singleElement()
        .matches(finding -> finding.guard() == Guard.SHARED_IMAGES && finding.fatal());
  }

  @Test
  void imagesInBothDomainsAreAWarningThatNamesThem() {
    List<ImageFigures> some = new ArrayList<>(images("r", 40));
    for (int i = 3; i < 8; i++) {
      some.set(i, SYNTHETIC.images().get(i + 10));
    }
    assertThat(DomainCheck.check(SYNTHETIC, domain("real", some), BATCH))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.guard()).isEqualTo(Guard.SHARED_IMAGES);
              assertThat(finding.fatal()).isFalse();
              assertThat(finding.sentence())
                  .startsWith("Of the 40 real images (real.h5), 5 are also among")
                  .contains("real images 3, 4, 5, ...");
            });
  }

  @Test
  void aBundleInBothDomainsIsAWarningThatNamesIt() {
    List<Domain.Identity> both = new ArrayList<>(REAL.bundles());
    both.add(SYNTHETIC.bundles().get(0));
    DomainImages real = new DomainImages("real", "two bundles", both, REAL.first(), held());
    assertThat(DomainCheck.check(SYNTHETIC, real, BATCH))
        .singleElement()
        .matches(finding -> finding.guard() == Guard.SHARED_IMAGES && !finding.fatal())
        .satisfies(
            finding ->
                assertThat(finding.sentence())
                    .startsWith("Both domains have the bundle synthetic.h5."));
  }

  @Test
  void twoFoldersOfOneBundleAreTwoDomains() {
    DomainImages synthetic = taken("synthetic", SYNTHETIC, "renders");
    assertThat(DomainCheck.check(synthetic, taken("real", REAL, "photos"), BATCH)).isEmpty();
    assertThat(DomainCheck.check(synthetic, taken("real", REAL, "renders"), BATCH))
        .singleElement()
        .matches(finding -> finding.guard() == Guard.SHARED_IMAGES && finding.fatal());
  }

  private static DomainImages taken(String name, DomainImages images, String folder) {
    List<Domain.Identity> bundle =
        List.of(new Domain.Identity("all.zip", "sha256:all", List.of(folder)));
    return new DomainImages(name, "all.zip [" + folder + "]", bundle, images.first(), held());
  }

  @Test
  void fortyEqualImagesAreRefused() {
    List<ImageFigures> equal =
        images("r", 40).stream().map(i -> new ImageFigures("r", 90, 30)).toList();
    assertThat(DomainCheck.check(SYNTHETIC, domain("real", equal), BATCH))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.guard()).isEqualTo(Guard.CONSTANT_IMAGES);
              assertThat(finding.fatal()).isTrue();
              assertThat(finding.sentence())
                  .startsWith("The 40 real images (real.h5) are all the same image");
            });
  }

  @Test
  void imagesOfOnePlainColourEachAreRefused() {
    assertThat(DomainCheck.check(domain("synthetic", plain(40, 40)), REAL, BATCH))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.guard()).isEqualTo(Guard.CONSTANT_IMAGES);
              assertThat(finding.fatal()).isTrue();
              assertThat(finding.sentence()).contains("one plain colour each");
            });
  }

  @Test
  void aFewPlainImagesAreAWarningThatNamesThem() {
    assertThat(DomainCheck.check(SYNTHETIC, domain("real", plain(40, 2)), BATCH))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.fatal()).isFalse();
              assertThat(finding.sentence()).contains("2 have one plain colour each (images 0, 1)");
            });
  }

  @Test
  void copiesAreAWarningThatNamesThem() {
    List<ImageFigures> images = new ArrayList<>(images("r", 40));
    images.set(7, images.get(3));
    images.set(9, images.get(3));
    assertThat(DomainCheck.check(SYNTHETIC, domain("real", images), BATCH))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.guard()).isEqualTo(Guard.DUPLICATE_IMAGES);
              assertThat(finding.fatal()).isFalse();
              assertThat(finding.sentence())
                  .contains("2 are exact copies", "(image 7 repeats 3, image 9 repeats 3)");
            });
  }

  @Test
  void heldOutSyntheticImagesThatAreAllTheSameAreRefused() {
    List<ImageFigures> images = new ArrayList<>(images("s", 40));
    for (long held : held()) {
      images.set((int) held, images.get(0));
    }
    assertThat(DomainCheck.check(domain("synthetic", images), REAL, BATCH))
        .anySatisfy(
            finding -> {
              assertThat(finding.fatal()).isTrue();
              assertThat(finding.sentence()).contains("no version can be judged");
            });
  }

  @Test
  void imagesOfWhichTooFewCanBeHeldOutAreRefused() {
    DomainImages few =
        new DomainImages(
            "real", "real.h5", List.of(), new FirstImages(images("r", 9), true), List.of(4L));
    assertThat(DomainCheck.check(SYNTHETIC, few, BATCH))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.guard()).isEqualTo(Guard.TOO_FEW_IMAGES);
              assertThat(finding.fatal()).isTrue();
              assertThat(finding.sentence()).contains("Of the 9 real images (real.h5), only 1");
            });
  }

  @Test
  void fewerImagesThanAMiniBatchAreAWarning() {
    assertThat(DomainCheck.check(SYNTHETIC, REAL, 512))
        .hasSize(2)
        .allMatch(finding -> finding.guard() == Guard.TOO_FEW_IMAGES && !finding.fatal())
        .extracting(Finding::sentence)
        .first()
        .asString()
        .contains("36 remain to train on, fewer than a mini-batch of 512");
  }

  @Test
  void aDomainOfWhichOnlyTheFirstImagesWereSeenSaysSo() {
    DomainImages large =
        new DomainImages(
            "real", "large/", List.of(), new FirstImages(plain(40, 40), false), held());
    assertThat(DomainCheck.check(SYNTHETIC, large, 512).get(1).sentence())
        .startsWith("The first 40 real images (large/) have one plain colour");
  }

  @ParameterizedTest
  @CsvSource({
    "100, 30, false",
    "150, 30, false",
    "170, 30, true",
    "30, 30, true",
    "100, 14, true",
    "100, 61, true"
  })
  void anotherBrightnessOrContrastIsAWarningWithFigures(double mean, double contrast, boolean far) {
    DomainImages real = domain("real", images("r", 40, mean, contrast));
    List<Finding> findings = DomainCheck.check(SYNTHETIC, real, BATCH);
    if (far) {
      assertThat(findings)
          .singleElement()
          .matches(finding -> finding.guard() == Guard.DIFFERENT_TONE && !finding.fatal())
          .satisfies(
              finding ->
                  assertThat(finding.sentence())
                      .contains("a mean level of 100 and a contrast of 30")
                      .contains("have %.0f and %.0f".formatted(mean, contrast)));
    } else {
      assertThat(findings).isEmpty();
    }
  }

  private static List<Long> held() {
    return LongStream.of(5, 12, 21, 33).boxed().toList();
  }

  private static DomainImages domain(String name, List<ImageFigures> images) {
    String file = name + ".h5";
    return new DomainImages(
        name,
        file,
        List.of(new Domain.Identity(file, "sha256:" + name, List.of())),
        new FirstImages(images, true),
        held());
  }

  private static List<ImageFigures> images(String name, int count) {
    return images(name, count, 100, 30);
  }

  private static List<ImageFigures> images(String name, int count, double mean, double contrast) {
    return LongStream.range(0, count)
        .mapToObj(i -> new ImageFigures(name + i, mean, contrast))
        .toList();
  }

  /** Different images, of which the first have one plain colour. */
  private static List<ImageFigures> plain(int count, int plain) {
    return LongStream.range(0, count)
        .mapToObj(i -> new ImageFigures("plain" + i, 100, i < plain ? 0 : 30))
        .toList();
  }
}
