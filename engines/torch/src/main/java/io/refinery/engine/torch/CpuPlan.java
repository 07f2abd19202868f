package io.refinery.engine.torch;

import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import io.refinery.engine.Trial;
import io.refinery.image.ImageShape;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.util.LinkedHashMap;
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

  private static final int ROUNDS = 5;
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
   * For refiners of this network: what was set, and the rest by trying.
   *
   * @throws IllegalArgumentException where this processor cannot convolve as was set
   */
  static CpuPlan of(RefinerNetwork network, Weights weights, Precision precision) {
    List<ConvolutionKind> convolutions =
        TorchSettings.convolutions().stream().filter(kind -> kind.canDo(precision)).toList();
    if (convolutions.isEmpty()) {
      throw new IllegalArgumentException(
          TorchSettings.CONVOLUTION + " asks for what this processor cannot do in " + precision);
    }
    return ANSWERS.computeIfAbsent(
        new Question(network, precision, convolutions), question -> measure(question, weights));
  }

  private static CpuPlan measure(Question question, Weights weights) {
    int images = weights.count() < LARGE_NETWORK ? TRIED_IMAGES : 1;
    List<CpuPlan> plans =
        question.convolutions().stream()
            .flatMap(
                kind ->
                    IntStream.of(1, images).distinct().mapToObj(part -> new CpuPlan(kind, part)))
            .toList();
    CpuPlan fastest = fastest(plans, question, weights, images);
    log.info(
        "Fastest on a core for {} in {} precision: {}",
        question.network(),
        question.precision(),
        fastest);
    return fastest;
  }

  private static CpuPlan fastest(
      List<CpuPlan> plans, Question question, Weights weights, int images) {
    if (plans.size() == 1) {
      return plans.get(0);
    }
    Map<CpuPlan, Tried> tried = new LinkedHashMap<>();
    try {
      // Thread and weights are there before the clock runs, as they are for a refiner.
      plans.forEach(plan -> tried.put(plan, Tried.of(plan, question, weights)));
      return Trial.fastest(plans, ROUNDS, plan -> tried.get(plan).refine(images / plan.part()));
    } finally {
      tried.values().forEach(Tried::close);
    }
  }

  /** A thread, a plan's weights, and a tile of it. */
  @SuppressWarnings("try") // Guards work by being open.
  private record Tried(Lanes lanes, RefinerPass pass, Tensor tile) implements AutoCloseable {

    static Tried of(CpuPlan plan, Question question, Weights weights) {
      try (PointerScope scope = new PointerScope()) {
        Tensor tile = torch.rand(plan.part(), question.network().channels(), HEIGHT, WIDTH);
        RefinerPass pass = plan.pass(question.network(), weights, question.precision());
        tile.retainReference();
        return new Tried(new Lanes(1), pass, tile);
      }
    }

    void refine(int tiles) {
      lanes.run(
          tiles,
          number -> {
            try (PointerScope scope = new PointerScope();
                InferenceMode inference = new InferenceMode(true)) {
              pass.refine(tile).close();
            }
          });
    }

    @Override
    public void close() {
      lanes.close();
      pass.close();
      tile.close();
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
