package io.refinery.status;

import java.util.List;

/**
 * The answer to a probe, such as one of Kubernetes: UP or DOWN.
 *
 * @param reasons why it is DOWN, in sentences; when it is UP, remarks
 */
public record Probe(Status status, List<String> reasons) implements Health {

  public Probe {
    reasons = List.copyOf(reasons);
  }

  /** Returns the answer of a probe that fails for these reasons, or passes if there are none. */
  public static Probe of(List<String> reasons) {
    return new Probe(reasons.isEmpty() ? Status.UP : Status.DOWN, reasons);
  }
}
