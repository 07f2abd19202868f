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

  public OnnxThreads {
    if (count < 1) {
      throw new IllegalArgumentException("A refiner computes with at least 1 thread, not " + count);
    }
  }

  /**
   * What this machine may be fastest with: one thread or as many as the process has cores, waiting
   * still or spinning, as far as the options leave it open.
   */
  static List<OnnxThreads> candidates(OnnxOptions options) {
    List<Integer> counts =
        options
            .threads()
            .map(List::of)
            .orElseGet(
                () -> Stream.of(Runtime.getRuntime().availableProcessors(), 1).distinct().toList());
    List<Boolean> spins = options.spinning().map(List::of).orElse(List.of(false, true));
    return counts.stream()
        .flatMap(count -> spins.stream().map(spin -> new OnnxThreads(count, spin && count > 1)))
        .distinct()
        .toList();
  }

  @Override
  public String toString() {
    return count + (count == 1 ? " thread" : " threads") + (spinning ? ", spinning" : "");
  }
}
