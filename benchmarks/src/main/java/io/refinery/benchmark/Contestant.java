package io.refinery.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * One engine with a precision and settings, written {@code engine[/precision[/property=value]...]}:
 * {@code torch/half/refinery.torch.graphs=true}.
 *
 * @param label the original text
 * @param engine the name of an engine, or of a peer in {@code peers.py}
 * @param properties system properties for its process
 */
record Contestant(String label, String engine, String precision, List<String> properties) {

  private static final Set<String> PEERS = Set.of("pytorch", "pytorch-compiled", "onnxruntime");
  private static final String FULL = "full";

  static Contestant parse(String label) {
    String[] parts = label.split("/");
    return new Contestant(
        label, parts[0], parts.length > 1 ? parts[1] : FULL, Arrays.stream(parts).skip(2).toList());
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
        engine.equals(other.engine) && properties.isEmpty() && !other.properties.isEmpty();
    return !isPeer() && precision.equals(other.precision) && (other.isPeer() || variant);
  }
}
