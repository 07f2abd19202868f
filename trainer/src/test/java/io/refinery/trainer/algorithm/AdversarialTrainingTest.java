package io.refinery.trainer.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.trainer.algorithm.RecordingPair.Call;
import io.refinery.trainer.algorithm.TrainingOutcome.Cancelled;
import io.refinery.trainer.algorithm.TrainingOutcome.Completed;
import io.refinery.trainer.algorithm.TrainingOutcome.Paused;
import io.refinery.trainer.algorithm.TrainingOutcome.Stopped;
import io.refinery.trainer.event.TrainingEvent.AdversarialStep;
import io.refinery.trainer.event.TrainingEvent.DiscriminatorPretrained;
import io.refinery.trainer.event.TrainingEvent.RefinerPretrained;
import io.refinery.trainer.event.TrainingEvent.Step;
import io.refinery.trainer.feed.ImageSource;
import io.refinery.trainer.plan.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AdversarialTrainingTest {

  private static final ImageShape PIXEL = new ImageShape(1, 1, 1);
  private static final int BATCH = 4;

  private final RecordingPair pair = new RecordingPair();
  private final List<Step> steps = new ArrayList<>();

  @Test
  void preTrainsTheRefinerThenTheDiscriminatorThenStepsByKgAndKd() throws Exception {
    assertThat(run(new Schedule(BATCH, 2, 1, 2, 3, 2, 8))).isEqualTo(new Completed());
    assertThat(pair.names())
        .containsExactly(
            Stream.of(
                    List.of("pretrainRefiner", "pretrainRefiner", "refine", "updateDiscriminator"),
                    step(3, 2),
                    step(3, 2))
                .flatMap(List::stream)
                .toArray(String[]::new));
  }

  @Test
  void everyMiniBatchOfBothDomainsIsFresh() throws Exception {
    run(new Schedule(BATCH, 3, 3, 5, 2, 2, 8));
    List<Float> synthetic =
        pair.calls().stream()
            .filter(call -> !call.name().equals("updateDiscriminator"))
            .flatMap(call -> call.first().stream())
            .toList();
    List<Float> real =
        pair.calls("updateDiscriminator").stream().flatMap(call -> call.first().stream()).toList();
    assertThat(synthetic).doesNotHaveDuplicates();
    assertThat(real).doesNotHaveDuplicates().hasSize((3 + 5 * 2) * BATCH);
  }

  @Test
  void bothNetworksGetFullMiniBatchesEveryTime() throws Exception {
    run(new Schedule(BATCH, 1, 2, 6, 2, 1, 8));
    assertThat(pair.calls())
        .filteredOn(call -> !call.name().equals("refine"))
        .allSatisfy(call -> assertThat(call.first()).hasSize(BATCH));
    assertThat(pair.calls("updateDiscriminator"))
        .allSatisfy(call -> assertThat(call.second()).hasSize(BATCH));
  }

  @Test
  void theFirstRefinedMiniBatchComesEntirelyFromTheCurrentRefiner() throws Exception {
    run(new Schedule(BATCH, 0, 2, 1, 2, 1, 8));
    List<Call> updates = pair.calls("updateDiscriminator");
    assertThat(refiners(updates.get(0).second())).containsOnly(0);
    assertThat(refiners(updates.get(1).second())).containsOnly(0);
    assertThat(refiners(updates.get(2).second())).containsOnly(2);
  }

  @Test
  void laterOnesAreHalfCurrentAndHalfFromTheHistory() throws Exception {
    run(new Schedule(BATCH, 0, 0, 40, 1, 1, 8));
    List<Call> updates = pair.calls("updateDiscriminator");
    for (int step = 1; step < updates.size(); step++) {
      int current = step + 1;
      List<Integer> refiners = refiners(updates.get(step).second());
      assertThat(refiners.subList(0, BATCH / 2)).containsOnly(current);
      assertThat(refiners.subList(BATCH / 2, BATCH))
          .allSatisfy(refiner -> assertThat(refiner).isLessThan(current));
    }
  }

  @Test
  void theSmallerHalfOfAnOddMiniBatchIsFromTheHistory() throws Exception {
    run(new Schedule(5, 0, 0, 10, 1, 1, 8));
    List<Call> updates = pair.calls("updateDiscriminator");
    for (int step = 1; step < updates.size(); step++) {
      int current = step + 1;
      List<Integer> refiners = refiners(updates.get(step).second());
      assertThat(refiners).hasSize(5);
      assertThat(refiners.subList(0, 3)).containsOnly(current);
      assertThat(refiners.subList(3, 5))
          .allSatisfy(refiner -> assertThat(refiner).isLessThan(current));
    }
  }

  @Test
  void onlyHalfOfTheImagesAreRefinedOnceTheHistorySuppliesTheRest() throws Exception {
    run(new Schedule(BATCH, 0, 0, 3, 1, 1, 8));
    assertThat(pair.calls("refine").stream().map(call -> call.first().size()))
        .containsExactly(BATCH, BATCH / 2, BATCH / 2);
  }

  @Test
  void theHistoryHoldsOnlyWhatTheDiscriminatorHasSeen() throws Exception {
    run(new Schedule(BATCH, 0, 0, 30, 1, 2, 8));
    List<Float> seen = new ArrayList<>();
    for (Call update : pair.calls("updateDiscriminator")) {
      if (!seen.isEmpty()) {
        assertThat(seen).containsAll(update.second().subList(BATCH / 2, BATCH));
      }
      seen.addAll(update.second());
    }
  }

  @Test
  void withoutAHistoryEveryRefinedImageIsCurrent() throws Exception {
    run(new Schedule(BATCH, 0, 0, 5, 1, 1, 0));
    List<Call> updates = pair.calls("updateDiscriminator");
    for (int step = 0; step < updates.size(); step++) {
      assertThat(refiners(updates.get(step).second())).containsOnly(step + 1);
    }
  }

  @Test
  void reportsEveryStepOfEveryPhaseWithItsLosses() throws Exception {
    run(new Schedule(BATCH, 2, 1, 2, 2, 1, 8));
    assertThat(steps).hasSize(5);
    assertThat(steps.get(1)).isEqualTo(new RefinerPretrained(2, 2, 1));
    assertThat(steps.get(2)).isInstanceOf(DiscriminatorPretrained.class);
    AdversarialStep last = (AdversarialStep) steps.get(4);
    assertThat(last.number()).isEqualTo(2);
    assertThat(last.of()).isEqualTo(2);
    assertThat(last.refiner().adversarial()).as("mean of the updates").isEqualTo(3.5);
    assertThat(last.refiner().total()).isEqualTo(3.5 + 0.5 * 2);
  }

  @Test
  void stopsAfterTheStepThatGaveAReason() throws Exception {
    TrainingOutcome outcome =
        training(new Schedule(BATCH, 0, 5, 5, 1, 1, 8))
            .run(
                step -> {
                  steps.add(step);
                  return step.number() == 3 ? Optional.of("enough") : Optional.empty();
                },
                () -> ControlSignal.CONTINUE);
    assertThat(outcome).isEqualTo(new Stopped("enough"));
    assertThat(steps).hasSize(3);
  }

  @Test
  void isPausedOrCancelledBetweenTwoStepsAndResumesWhereItStopped() throws Exception {
    AdversarialTraining training = training(new Schedule(BATCH, 1, 1, 3, 1, 1, 8));
    assertThat(
            training.run(
                this::note, () -> steps.size() == 2 ? ControlSignal.PAUSE : ControlSignal.CONTINUE))
        .isEqualTo(new Paused());
    assertThat(training.completed()).isEqualTo(2);
    assertThat(
            training.run(
                this::note,
                () -> steps.size() == 3 ? ControlSignal.CANCEL : ControlSignal.CONTINUE))
        .isEqualTo(new Cancelled());
    assertThat(training.run(this::note, () -> ControlSignal.CONTINUE)).isEqualTo(new Completed());
    assertThat(steps).extracting(Step::number).containsExactly(1, 1, 1, 2, 3);
    assertThat(pair.calls("updateRefiner")).hasSize(3);
  }

  @Test
  void setsTheLearningRatesOfEveryStepBeforeItsUpdates() throws Exception {
    AdversarialTraining training =
        new AdversarialTraining(
            pair,
            countingFrom(1),
            countingFrom(1),
            new Schedule(BATCH, 0, 0, 4, 1, 1, 0),
            done -> done < 2 ? 1 : 0.25,
            new HistoryBuffer(0, PIXEL, 1, pair.memory()));
    training.run(this::note, () -> ControlSignal.CONTINUE);
    assertThat(pair.ratesOfRefinerUpdates()).containsExactly(1.0, 1.0, 0.25, 0.25);
  }

  private Optional<String> note(Step step) {
    steps.add(step);
    return Optional.empty();
  }

  private TrainingOutcome run(Schedule schedule) throws Exception {
    return training(schedule).run(this::note, () -> ControlSignal.CONTINUE);
  }

  private AdversarialTraining training(Schedule schedule) {
    return new AdversarialTraining(
        pair,
        countingFrom(1),
        countingFrom(1),
        schedule,
        done -> 1,
        new HistoryBuffer(schedule.historySize(), PIXEL, 1, pair.memory()));
  }

  /** One-pixel images that count upwards. */
  private static ImageSource countingFrom(int first) {
    int[] next = {first};
    return count -> {
      float[] pixels = new float[count];
      for (int i = 0; i < count; i++) {
        pixels[i] = next[0]++;
      }
      return new ImageBatch(count, PIXEL, pixels);
    };
  }

  private static List<String> step(int refinerUpdates, int discriminatorUpdates) {
    List<String> names = new ArrayList<>();
    for (int k = 0; k < refinerUpdates; k++) {
      names.add("updateRefiner");
    }
    for (int k = 0; k < discriminatorUpdates; k++) {
      names.add("refine");
      names.add("updateDiscriminator");
    }
    return names;
  }

  private static List<Integer> refiners(List<Float> refined) {
    return refined.stream().map(RecordingPair::refinerThatMade).toList();
  }
}
