package io.refinery.engine.torch;

import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import io.refinery.engine.Trial;
import io.refinery.image.ImageShape;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one core refines fastest.
 *
 * @param part eyes of 55x35 that it refines in one go, or as many pixels of other images
 */
record CpuPlan(ConvolutionKind convolution, int part) {

  private static final Logger log = LoggerFactory.getLogger(CpuPlan.class);

  private static final int ROUNDS = 3;
  private static final int HEIGHT = 35;
  private static final int WIDTH = 55;

  /** Images that every plan is tried with. */
  private static final int TRIED_IMAGES = 2;

  /**
   * Parameters from which on one image is trial enough, and takes as long as those of a small
   * network.
   */
  private static final int LARGE_NETWORK = 1_000_000;

  /** What was measured once holds for the process. */
  private static final Map<Question, CpuPlan> ANSWERS = new ConcurrentHashMap<>();

  private record Question(
      RefinerNetwork network, Precision precision, List<ConvolutionKind> convolutions) {}

  /**
   * For refiners of this network, of the convolutions that were set or else by trying all.
   *
   * @throws IllegalArgumentException where this processor cannot convolve as was set
   */
  static CpuPlan of(RefinerNetwork network, Weights weights, Precision precision, Lanes lanes) {
    List<ConvolutionKind> convolutions =
        TorchSettings.convolutions().stream().filter(kind -> kind.canDo(precision)).toList();
    if (convolutions.isEmpty()) {
      throw new IllegalArgumentException(
          TorchSettings.CONVOLUTION + " asks for what this processor cannot do in " + precision);
    }
    return ANSWERS.computeIfAbsent(
        new Question(network, precision, convolutions),
        question -> measure(question, weights, lanes));
  }

  private static CpuPlan measure(Question question, Weights weights, Lanes lanes) {
    int images = weights.count() < LARGE_NETWORK ? TRIED_IMAGES : 1;
    List<CpuPlan> plans =
        question.convolutions().stream()
            .flatMap(
                kind ->
                    IntStream.of(1, images).distinct().mapToObj(part -> new CpuPlan(kind, part)))
            .toList();
    CpuPlan fastest =
        Trial.fastest(
            plans, ROUNDS, plan -> lanes.run(1, lane -> plan.tryOut(question, weights, images)));
    log.info(
        "Fastest on a core for {} in {} precision: {}",
        question.network(),
        question.precision(),
        fastest);
    return fastest;
  }

  @SuppressWarnings("try") // Guards work by being open.
  private void tryOut(Question question, Weights weights, int count) {
    RefinerNetwork network = question.network();
    try (RefinerPass pass = pass(network, weights, question.precision());
        PointerScope scope = new PointerScope();
        InferenceMode inference = new InferenceMode(true)) {
      Tensor images = torch.rand(part, network.channels(), HEIGHT, WIDTH);
      for (int refined = 0; refined < count; refined += part) {
        pass.refine(images).close();
      }
    }
  }

  /** The network with its weights laid out as the convolutions want them. */
  RefinerPass pass(RefinerNetwork network, Weights weights, Precision precision) {
    return new RefinerPass(network, weights, convolution.create(), Device.cpu(), precision);
  }

  /** How many images of {@code shape} one core refines in one go. */
  int images(ImageShape shape) {
    return Math.max(1, (int) ((long) part * HEIGHT * WIDTH / shape.height() / shape.width()));
  }

  @Override
  public String toString() {
    return "%s convolutions, %d at a time"
        .formatted(convolution.name().toLowerCase(Locale.ROOT), part);
  }
}
