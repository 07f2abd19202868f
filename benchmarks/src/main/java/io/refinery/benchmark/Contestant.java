package io.refinery.benchmark;

import io.refinery.engine.EngineOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * One engine in one precision with its options, written {@code
 * engine[/precision[/property=value]...]}: {@code
 * torch/half/refinery.engines.torch.cuda-graphs=true}.
 *
 * @param label as it was written
 * @param engine an engine's name, or a peer's as {@code peers.py} has it
 * @param options of the engine
 */
record Contestant(String label, String engine, String precision, EngineOptions options) {

  private static final Set<String> PEERS = Set.of("pytorch", "pytorch-compiled", "onnxruntime");
  private static final String FULL = "full";

  /**
   * @throws IllegalArgumentException naming a property that is not an engine's option
   */
  static Contestant parse(String label) {
    String[] parts = label.split("/");
    return new Contestant(
        label,
        parts[0],
        parts.length > 1 ? parts[1] : FULL,
        EngineOptions.parse(Arrays.stream(parts).skip(2).toList()));
  }

  /** Parses a comma-separated list. */
  static List<Contestant> list(String labels) {
    return Arrays.stream(labels.split(","))
        .filter(label -> !label.isBlank())
        .map(Contestant::parse)
        .toList();
  }

  /** Whether it is a peer measured in Python, not one of our engines. */
  boolean isPeer() {
    return PEERS.contains(engine);
  }

  /** Whether its figures can be compared with another's. */
  boolean isComparedWith(Contestant other) {
    boolean variant =
        engine.equals(other.engine)
            && options.values().isEmpty()
            && !other.options.values().isEmpty();
    return !isPeer() && precision.equals(other.precision) && (other.isPeer() || variant);
  }
}
