package io.refinery.engine.torch;

import io.refinery.engine.MicroBatchSize;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** What system properties say of refining; read when a refiner is built. */
final class TorchSettings {

  /** Threads of a refiner on the CPU; otherwise chosen by measuring. */
  static final String THREADS = "refinery.torch.threads";

  /** A {@link MicroBatchSize}; otherwise chosen by measuring, or 256 on a GPU. */
  static final String PART = "refinery.torch.part";

  /** How the CPU convolves: {@code fast}, {@code plain}; otherwise chosen by measuring. */
  static final String CONVOLUTION = "refinery.torch.convolution";

  /** On a GPU, whether feature maps lie channels last, as tensor cores want them. */
  static final String CHANNELS_LAST = "refinery.torch.channels-last";

  /** Whether cuDNN tries its algorithms out on every new shape of a part. */
  static final String BENCHMARK = "refinery.torch.cudnn-benchmark";

  /** Whether images go to a GPU from memory that the system does not page out. */
  static final String PINNED = "refinery.torch.pinned";

  /** Whether images of one part are copied while a GPU computes another. */
  static final String OVERLAP = "refinery.torch.overlap";

  /** Whether a part's computation is recorded once and replayed, as a CUDA graph. */
  static final String GRAPHS = "refinery.torch.graphs";

  /** On a GPU, whether bias, sum and ReLU of a block come with their convolution. */
  static final String FUSED = "refinery.torch.fused";

  private TorchSettings() {}

  static boolean channelsLast() {
    return flag(CHANNELS_LAST, true);
  }

  static boolean benchmark() {
    return flag(BENCHMARK, true);
  }

  static boolean pinned() {
    return flag(PINNED, true);
  }

  static boolean overlap() {
    return flag(OVERLAP, true);
  }

  static boolean graphs() {
    return flag(GRAPHS, false);
  }

  static boolean fused() {
    return flag(FUSED, false);
  }

  private static boolean flag(String property, boolean usual) {
    String text = System.getProperty(property, String.valueOf(usual)).strip();
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(property + " is true or false, not '" + text + "'");
    };
  }

  static OptionalInt threads() {
    return positive(THREADS);
  }

  static Optional<MicroBatchSize> part() {
    return MicroBatchSize.configured(PART);
  }

  /** The ways to convolve that are to be tried. */
  static List<ConvolutionKind> convolutions() {
    String text = System.getProperty(CONVOLUTION, "auto").strip();
    if (text.equalsIgnoreCase("auto")) {
      return List.of(ConvolutionKind.values());
    }
    return List.of(
        Arrays.stream(ConvolutionKind.values())
            .filter(kind -> kind.name().equalsIgnoreCase(text))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        CONVOLUTION + " is auto, " + names() + ", not '" + text + "'")));
  }

  private static String names() {
    return Arrays.stream(ConvolutionKind.values())
        .map(kind -> kind.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(" or "));
  }

  /**
   * @throws IllegalArgumentException naming the property where it is no number of at least 1
   */
  private static OptionalInt positive(String property) {
    String text = System.getProperty(property);
    if (text == null) {
      return OptionalInt.empty();
    }
    try {
      int number = Integer.parseInt(text.strip());
      if (number >= 1) {
        return OptionalInt.of(number);
      }
    } catch (NumberFormatException e) {
      throw notANumber(property, text, e);
    }
    throw notANumber(property, text, null);
  }

  private static IllegalArgumentException notANumber(
      String property, String text, NumberFormatException cause) {
    return new IllegalArgumentException(
        property + " is a number of at least 1, not '" + text + "'", cause);
  }
}
