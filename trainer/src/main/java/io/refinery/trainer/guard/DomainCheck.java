package io.refinery.trainer.guard;

import io.refinery.trainer.event.TrainingEvent.Finding;
import io.refinery.trainer.event.TrainingEvent.Guard;
import io.refinery.trainer.feed.ImageFigures;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Checks the domains before the first step. A finding is fatal only if no training can learn from
 * such images, or no version can be judged on them.
 *
 * <p>It looks at the images that fill the feed's window first, which are in memory anyway: all
 * images of a domain that fits.
 */
public final class DomainCheck {

  /** Held-out images that are needed to see whether a refiner makes all images alike. */
  static final int LEAST_HELD_OUT = 2;

  /** Numbers of images that a sentence names. */
  private static final int NAMED = 3;

  private DomainCheck() {}

  /**
   * @param batch images in a mini-batch
   */
  public static List<Finding> check(DomainImages synthetic, DomainImages real, int batch) {
    List<Finding> findings = new ArrayList<>();
    for (DomainImages domain : List.of(synthetic, real)) {
      constant(domain).ifPresent(findings::add);
      tooFew(domain, batch).ifPresent(findings::add);
      duplicates(domain).ifPresent(findings::add);
    }
    if (findings.stream().noneMatch(Finding::fatal)) {
      heldOutAlike(synthetic).ifPresent(findings::add);
    }
    findings.addAll(DomainComparison.compare(synthetic, real));
    return findings;
  }

  private static Optional<Finding> constant(DomainImages domain) {
    if (domain.numbers().size() == 1) {
      return finding(
          Guard.CONSTANT_IMAGES,
          true,
          "The %s are all the same image, from which nothing can be learned. Provide different"
              + " images.",
          domain.described());
    }
    List<Integer> plain = numbers(domain, image -> image.contrast() == 0);
    if (plain.isEmpty()) {
      return Optional.empty();
    }
    boolean all = plain.size() == domain.count();
    return finding(
        Guard.CONSTANT_IMAGES,
        all,
        all
            ? "The %s have one plain colour each, from which nothing can be learned. Check how the"
                + " bundle was written."
            : "Of the %s, %d have one plain colour each (%s): remove them.",
        domain.described(),
        plain.size(),
        named(plain));
  }

  private static Optional<Finding> tooFew(DomainImages domain, int batch) {
    int heldOut = domain.heldOut().size();
    if (heldOut < LEAST_HELD_OUT) {
      return finding(
          Guard.TOO_FEW_IMAGES,
          true,
          "Of the %s, only %d can be held out to judge a version, and at least %d are needed:"
              + " provide 10 images or more, and set feed.window to 10 or more and feed.heldOut to"
              + " %d or more.",
          domain.described(),
          heldOut,
          LEAST_HELD_OUT,
          LEAST_HELD_OUT);
    }
    int trained = domain.count() - heldOut;
    if (!domain.first().whole() || trained >= batch) {
      return Optional.empty();
    }
    return finding(
        Guard.TOO_FEW_IMAGES,
        false,
        "Of the %s, %d remain to train on, fewer than a mini-batch of %d: an update sees the same"
            + " image more than once. Provide more images, or lower schedule.batch.",
        domain.described(),
        trained,
        batch);
  }

  private static Optional<Finding> duplicates(DomainImages domain) {
    Map<String, Integer> first = domain.numbers();
    int copies = domain.count() - first.size();
    if (copies == 0 || first.size() == 1) {
      return Optional.empty();
    }
    String named =
        IntStream.range(0, domain.count())
            .filter(i -> first.get(domain.images().get(i).hash()) != i)
            .limit(NAMED)
            .mapToObj(i -> "image %d repeats %d".formatted(i, original(domain, first, i)))
            .collect(Collectors.joining(", "));
    return finding(
        Guard.DUPLICATE_IMAGES,
        false,
        "Of the %s, %d are exact copies of others (%s%s). Figures on held-out images are too good"
            + " if a copy is trained on: remove the copies.",
        domain.described(),
        copies,
        named,
        copies > NAMED ? ", ..." : "");
  }

  private static int original(DomainImages domain, Map<String, Integer> first, int copy) {
    return first.get(domain.images().get(copy).hash());
  }

  private static Optional<Finding> heldOutAlike(DomainImages synthetic) {
    Set<String> different = new HashSet<>();
    for (long position : synthetic.heldOut()) {
      different.add(synthetic.images().get(Math.toIntExact(position)).hash());
    }
    return different.size() > 1
        ? Optional.empty()
        : finding(
            Guard.CONSTANT_IMAGES,
            true,
            "The %d images that are held out of the %s are all the same, so no version can be"
                + " judged on them. Remove copies, or raise feed.heldOut.",
            synthetic.heldOut().size(),
            synthetic.described());
  }

  /** The condition that an image meets. */
  @FunctionalInterface
  private interface Condition {
    boolean holds(ImageFigures image);
  }

  private static List<Integer> numbers(DomainImages domain, Condition condition) {
    return IntStream.range(0, domain.count())
        .filter(i -> condition.holds(domain.images().get(i)))
        .boxed()
        .toList();
  }

  /** Such as {@code image 3}, or {@code images 3, 7, 9, ...}. */
  static String named(List<Integer> numbers) {
    String some =
        numbers.stream().limit(NAMED).map(String::valueOf).collect(Collectors.joining(", "));
    return (numbers.size() == 1 ? "image " : "images ")
        + some
        + (numbers.size() > NAMED ? ", ..." : "");
  }

  private static Optional<Finding> finding(
      Guard guard, boolean fatal, String format, Object... values) {
    return Optional.of(new Finding(guard, fatal, String.format(Locale.ROOT, format, values)));
  }
}
