package io.refinery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {

  private static final Duration LONG = Duration.ofMinutes(10);

  @ParameterizedTest
  @EnumSource
  void aSeedAlwaysMakesTheSameSchedule(Fault.Place place) {
    assertThat(Schedule.of(7, place, 3, LONG))
        .isEqualTo(Schedule.of(7, place, 3, LONG))
        .isNotEqualTo(Schedule.of(8, place, 3, LONG));
  }

  @ParameterizedTest
  @EnumSource
  void everyFaultOfAPlaceOccurs(Fault.Place place) {
    assertThat(Schedule.of(7, place, 3, LONG).steps())
        .extracting(Schedule.Step::fault)
        .contains(
            Arrays.stream(Fault.values())
                .filter(fault -> fault.place() == place)
                .toArray(Fault[]::new))
        .allMatch(fault -> fault.place() == place);
  }

  @ParameterizedTest
  @EnumSource
  void aScheduleFillsItsTime(Fault.Place place) {
    Duration sum =
        Schedule.of(7, place, 3, LONG).steps().stream()
            .map(step -> step.pause().plus(step.length()))
            .reduce(Duration.ZERO, Duration::plus);

    assertThat(sum).isBetween(LONG, LONG.plusSeconds(20));
  }
}
