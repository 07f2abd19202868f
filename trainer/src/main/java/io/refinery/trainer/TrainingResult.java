package io.refinery.trainer;

import io.refinery.registry.ModelVersion;
import io.refinery.trainer.gate.Verdict;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** How a training ended. */
public sealed interface TrainingResult {

  /**
   * The version exists, and the channel {@code latest} points to it.
   *
   * @param metrics as its manifest has them
   * @param verdict of the gate; empty where it is off
   * @param folder that its files were written to
   */
  record Published(
      ModelVersion version, Map<String, Double> metrics, Optional<Verdict> verdict, Path folder)
      implements TrainingResult {}

  /** The files of a version are in {@code folder}; there was no registry to publish it to. */
  record Written(Map<String, Double> metrics, Path folder) implements TrainingResult {}

  /**
   * Somebody asked for a pause. A training with an id left a checkpoint, and goes on from it when
   * it is asked for again.
   *
   * @param completed steps of all phases that were done
   * @param of steps of all phases
   */
  record Paused(long completed, long of) implements TrainingResult {}

  /**
   * Somebody asked for the end; nothing was published.
   *
   * @param completed steps of all phases that were done
   * @param of steps of all phases
   */
  record Cancelled(long completed, long of) implements TrainingResult {}

  /**
   * A guard ended it; nothing was published.
   *
   * @param cause what was found, at which step, and what may help
   */
  record Failed(String cause) implements TrainingResult {}
}
