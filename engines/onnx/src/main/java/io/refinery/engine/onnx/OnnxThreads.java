package io.refinery.engine.onnx;

import java.util.List;
import java.util.stream.Stream;

/**
 * The threads that one refiner computes with.
 *
 * @param count threads, the caller's among them, at least 1
 * @param spinning whether they wait for work with their core busy: a little sooner ready, but what
 *     else runs on those cores is held up
 */
public record OnnxThreads(int count, boolean spinning) {

  /** System property with the number of threads; without it, it is measured. */
  public static final String COUNT_PROPERTY = "refinery.onnx.threads";

  /** System property, {@code true} or {@code false}; without it, it is measured. */
  public static final String SPINNING_PROPERTY = "refinery.onnx.spinning";

  public OnnxThreads {
    if (count < 1) {
      throw new IllegalArgumentException("A refiner computes with at least 1 thread, not " + count);
    }
  }

  /**
   * What this machine may be fastest with: one thread or as many as the process has cores, waiting
   * still or spinning, as far as the two system properties leave it open.
   *
   * @throws IllegalArgumentException where one has no meaning
   */
  static List<OnnxThreads> candidates() {
    List<Integer> counts = counts();
    List<Boolean> spins = spins();
    return counts.stream()
        .flatMap(count -> spins.stream().map(spin -> new OnnxThreads(count, spin && count > 1)))
        .distinct()
        .toList();
  }

  private static List<Integer> counts() {
    String text = System.getProperty(COUNT_PROPERTY);
    if (text == null) {
      return Stream.of(Runtime.getRuntime().availableProcessors(), 1).distinct().toList();
    }
    try {
      return List.of(Integer.parseInt(text.strip()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          COUNT_PROPERTY + " is a number of threads, not '" + text + "'", e);
    }
  }

  private static List<Boolean> spins() {
    String text = System.getProperty(SPINNING_PROPERTY);
    if (text == null) {
      return List.of(false, true);
    }
    return switch (text.strip()) {
      case "true" -> List.of(true);
      case "false" -> List.of(false);
      default ->
          throw new IllegalArgumentException(
              SPINNING_PROPERTY + " is true or false, not '" + text + "'");
    };
  }

  @Override
  public String toString() {
    return count + (count == 1 ? " thread" : " threads") + (spinning ? ", spinning" : "");
  }
}
