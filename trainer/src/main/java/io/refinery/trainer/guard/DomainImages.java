package io.refinery.trainer.guard;

import io.refinery.trainer.feed.Domain;
import io.refinery.trainer.feed.FirstImages;
import io.refinery.trainer.feed.ImageFigures;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is known of a domain before the first step.
 *
 * @param name {@code synthetic} or {@code real}
 * @param source path or address that the user gave
 * @param bundles and what identifies their content
 * @param first figures of the images that fill the window first
 * @param heldOut positions of the images that are held out of training
 */
public record DomainImages(
    String name,
    String source,
    List<Domain.Identity> bundles,
    FirstImages first,
    List<Long> heldOut) {

  public DomainImages {
    bundles = List.copyOf(bundles);
    heldOut = List.copyOf(heldOut);
  }

  List<ImageFigures> images() {
    return first.images();
  }

  int count() {
    return first.count();
  }

  /** Such as {@code 250 real images (photos.zip)}, or {@code first 16384 real images (...)}. */
  String described() {
    return "%s%d %s images (%s)".formatted(first.whole() ? "" : "first ", count(), name, source);
  }

  /** The number of the first image with each hash. */
  Map<String, Integer> numbers() {
    return IntStream.range(0, count())
        .boxed()
        .collect(
            Collectors.toMap(
                i -> images().get(i).hash(), Function.identity(), (earlier, later) -> earlier));
  }

  double mean(ToDoubleFunction<ImageFigures> figure) {
    return images().stream().mapToDouble(figure).average().orElseThrow();
  }
}
