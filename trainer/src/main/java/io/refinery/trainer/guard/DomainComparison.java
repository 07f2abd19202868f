package io.refinery.trainer.guard;

import io.refinery.trainer.event.TrainingEvent.Finding;
import io.refinery.trainer.event.TrainingEvent.Guard;
import io.refinery.trainer.feed.Domain.Identity;
import io.refinery.trainer.feed.ImageFigures;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares the two domains before the first step. */
final class DomainComparison {

  /** Largest difference in brightness, as a multiple of the synthetic images' contrast. */
  static final double MOST_BRIGHTER = 2;

  /** Largest ratio of the two domains' contrasts, either way. */
  static final double MOST_CONTRAST = 2;

  private DomainComparison() {}

  static List<Finding> compare(DomainImages synthetic, DomainImages real) {
    return Stream.of(shared(synthetic, real), tone(synthetic, real))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Finding> shared(DomainImages synthetic, DomainImages real) {
    Map<String, Integer> ofSynthetic = synthetic.numbers();
    Map<String, Integer> ofReal = real.numbers();
    Set<String> contents = contents(synthetic);
    if (contents.equals(contents(real)) || ofSynthetic.keySet().equals(ofReal.keySet())) {
      return Optional.of(
          new Finding(
              Guard.SHARED_IMAGES,
              true,
              "Both domains have the same images: %s and %s. The refiner would learn to change"
                      .formatted(synthetic.described(), real.described())
                  + " nothing: provide other images for one of them."));
    }
    List<String> bundles =
        real.bundles().stream()
            .filter(bundle -> contents.contains(bundle.selection()))
            .map(Identity::bundle)
            .toList();
    Set<String> images = new HashSet<>(ofReal.keySet());
    images.retainAll(ofSynthetic.keySet());
    if (bundles.isEmpty() && images.isEmpty()) {
      return Optional.empty();
    }
    String what =
        bundles.isEmpty()
            ? "Of the %s, %d are also among the %s (real %s)"
                .formatted(
                    real.described(),
                    images.size(),
                    synthetic.described(),
                    DomainCheck.named(images.stream().map(ofReal::get).sorted().toList()))
            : "Both domains have the bundle " + String.join(", ", bundles);
    return Optional.of(
        new Finding(
            Guard.SHARED_IMAGES,
            false,
            what
                + ". The discriminator learns that these are both real and not: remove them from"
                + " one domain."));
  }

  private static Set<String> contents(DomainImages domain) {
    return domain.bundles().stream().map(Identity::selection).collect(Collectors.toSet());
  }

  private static Optional<Finding> tone(DomainImages synthetic, DomainImages real) {
    double meanSynthetic = synthetic.mean(ImageFigures::mean);
    double meanReal = real.mean(ImageFigures::mean);
    double contrastSynthetic = synthetic.mean(ImageFigures::contrast);
    double contrastReal = real.mean(ImageFigures::contrast);
    boolean near =
        Math.abs(meanReal - meanSynthetic) <= MOST_BRIGHTER * contrastSynthetic
            && contrastReal <= MOST_CONTRAST * contrastSynthetic
            && contrastSynthetic <= MOST_CONTRAST * contrastReal;
    if (near || contrastSynthetic == 0 || contrastReal == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            Guard.DIFFERENT_TONE,
            false,
            String.format(
                Locale.ROOT,
                "The domains differ much in tone: the %s have a mean level of %.0f and a contrast"
                    + " of %.0f, the %s have %.0f and %.0f. The refiner has to move all pixels"
                    + " alike and may lose what they show: bring the domains closer, or try"
                    + " feed.equalise=true.",
                synthetic.described(),
                meanSynthetic,
                contrastSynthetic,
                real.described(),
                meanReal,
                contrastReal)));
  }
}
