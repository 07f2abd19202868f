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
   * Paused on request. A training with an id left a checkpoint and resumes from it when it is
   * requested again.
   *
   * @param completed finished steps of all phases
   * @param of total steps of all phases
   */
  record Paused(long completed, long of) implements TrainingResult {}

  /**
   * Cancelled on request; nothing was published.
   *
   * @param completed finished steps of all phases
   * @param of total steps of all phases
   */
  record Cancelled(long completed, long of) implements TrainingResult {}

  /**
   * Refused because of its images, stopped by a guard, or not good enough to be published; nothing
   * was published.
   *
   * @param cause the guard that found it, what was found, where or at which step, and what may help
   */
  record Failed(String cause) implements TrainingResult {}
}
