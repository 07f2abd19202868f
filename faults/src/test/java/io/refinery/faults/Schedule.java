package io.refinery.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The faults of one place in their order, which follow from a seed.
 *
 * @param steps one after another
 */
record Schedule(List<Step> steps) {

  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);
  private static final Duration SHORTEST_FAULT = Duration.ofSeconds(2);
  private static final Duration LONGEST_FAULT = Duration.ofSeconds(12);

  /**
   * One fault.
   *
   * @param target which worker or node; meaningless for the store and for full disks, of which each
   *     place has one
   * @param pause before it
   * @param length until it is mended
   */
  record Step(Fault fault, int target, Duration pause, Duration length) {}

  /**
   * Makes a schedule. Every fault of the place occurs before any occurs again.
   *
   * @param targets workers or nodes to choose from
   * @param total how long the schedule lasts, about
   */
  static Schedule of(long seed, Fault.Place place, int targets, Duration total) {
    Random random = new Random(seed * 31 + place.name().hashCode());
    List<Fault> faults =
        new ArrayList<>(
            Arrays.stream(Fault.values()).filter(fault -> fault.place() == place).toList());
    List<Step> steps = new ArrayList<>();
    Duration left = total;
    while (!left.isNegative()) {
      int index = steps.size() % faults.size();
      if (index == 0) {
        Collections.shuffle(faults, random);
      }
      Step step =
          new Step(
              faults.get(index),
              random.nextInt(targets),
              between(random, SHORTEST_PAUSE, LONGEST_PAUSE),
              between(random, SHORTEST_FAULT, LONGEST_FAULT));
      left = left.minus(step.pause()).minus(step.length());
      steps.add(step);
    }
    return new Schedule(List.copyOf(steps));
  }

  private static Duration between(Random random, Duration shortest, Duration longest) {
    return shortest.plusMillis(random.nextInt((int) longest.minus(shortest).toMillis()));
  }
}
