package io.refinery.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * One engine in one precision with its settings, written {@code
 * engine[/precision[/property=value]...]}: {@code torch/half/refinery.torch.graphs=true}.
 *
 * @param label as it was written
 * @param engine an engine's name, or a peer's as {@code peers.py} has it
 * @param properties system properties of its process
 */
record Contestant(String label, String engine, String precision, List<String> properties) {

  private static final Set<String> PEERS = Set.of("pytorch", "pytorch-compiled", "onnxruntime");
  private static final String FULL = "full";

  static Contestant parse(String label) {
    String[] parts = label.split("/");
    return new Contestant(
        label, parts[0], parts.length > 1 ? parts[1] : FULL, Arrays.stream(parts).skip(2).toList());
  }

  /** Those of a list separated by commas. */
  static List<Contestant> list(String labels) {
    return Arrays.stream(labels.split(","))
        .filter(label -> !label.isBlank())
        .map(Contestant::parse)
        .toList();
  }

  /** Whether it is no engine of ours, but measured from Python. */
  boolean isPeer() {
    return PEERS.contains(engine);
  }

  /** Whether its figures are one for one to be compared with another's, as of the same numbers. */
  boolean isComparedWith(Contestant other) {
    boolean variant =
        engine.equals(other.engine) && properties.isEmpty() && !other.properties.isEmpty();
    return !isPeer() && precision.equals(other.precision) && (other.isPeer() || variant);
  }
}
