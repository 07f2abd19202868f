package io.refinery.trainer.checkpoint;

import io.refinery.trainer.event.TrainingEvent.Guard;
import io.refinery.trainer.feed.FeedPosition;
import io.refinery.trainer.plan.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The metadata of a checkpoint; networks, optimisers and history buffer are stored beside it.
 *
 * @param model whose next version is trained
 * @param plan as requested
 * @param data what identifies the images of both domains
 * @param engine name of the engine, whose state has its own format
 * @param parent version whose weights R and D started from, such as {@code eyes@3}
 * @param completed finished steps of all phases
 * @param synthetic position of the next synthetic image
 * @param real position of the next real image
 * @param seconds spent on those steps
 * @param waited of those, seconds spent waiting for data
 * @param warnings the latest finding of each guard
 */
public record CheckpointMetadata(
    String model,
    TrainingPlan plan,
    List<String> data,
    String engine,
    Optional<String> parent,
    long completed,
    FeedPosition synthetic,
    FeedPosition real,
    double seconds,
    double waited,
    Map<Guard, String> warnings) {

  public CheckpointMetadata {
    data = List.copyOf(data);
    warnings = Map.copyOf(warnings);
  }

  /** Returns the metadata before the first step. */
  public static CheckpointMetadata start(
      String model, TrainingPlan plan, List<String> data, String engine, Optional<String> parent) {
    return new CheckpointMetadata(
        model,
        plan,
        data,
        engine,
        parent,
        0,
        FeedPosition.START,
        FeedPosition.START,
        0,
        0,
        Map.of());
  }

  /**
   * Checks that the request is the same as when the training started, regardless of the engine and
   * of the guards, which change no weights.
   *
   * @param training its id
   * @throws IllegalArgumentException saying what differs
   */
  public void requireSame(String training, CheckpointMetadata asked) {
    List<String> differences = new ArrayList<>(plan.differences(asked.plan));
    differences.removeIf(difference -> difference.startsWith("guards."));
    addDifference("the model", model, asked.model, differences);
    addDifference("the data", data, asked.data, differences);
    if (!differences.isEmpty()) {
      throw new IllegalArgumentException(
          "Training %s was started with other settings (%s). Use those, or another id."
              .formatted(training, String.join("; ", differences)));
    }
  }

  private static void addDifference(
      String what, Object begun, Object asked, List<String> differences) {
    if (!begun.equals(asked)) {
      differences.add(what + ": " + begun + ", not " + asked);
    }
  }
}
