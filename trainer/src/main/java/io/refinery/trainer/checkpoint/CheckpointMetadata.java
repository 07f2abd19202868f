package io.refinery.trainer.checkpoint;

import io.refinery.trainer.event.TrainingEvent.Guard;
import io.refinery.trainer.feed.FeedPosition;
import io.refinery.trainer.plan.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a checkpoint says in words; networks, optimisers and history buffer lie beside it.
 *
 * @param model whose next version is trained
 * @param plan that was asked for
 * @param data of both domains, as their content is known by
 * @param engine its name, for its state has a form of its own
 * @param parent version whose weights both started from, such as {@code eyes@3}
 * @param completed steps of all phases that are done
 * @param synthetic where the next synthetic image comes from
 * @param real where the next real image comes from
 * @param seconds spent on those steps
 * @param waited of those seconds, for data
 * @param warnings what each guard has found last
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

  /** Nothing is done yet. */
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
   * Makes sure that what was begun is what is asked for now, whatever the engine.
   *
   * @param training its id
   * @throws IllegalArgumentException saying what is different
   */
  public void requireSame(String training, CheckpointMetadata asked) {
    List<String> differences = new ArrayList<>(plan.differences(asked.plan));
    addDifference("the model", model, asked.model, differences);
    addDifference("the data", data, asked.data, differences);
    if (!differences.isEmpty()) {
      throw new IllegalArgumentException(
          "Training %s was begun otherwise (%s): ask for it as it was, or under another id."
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
