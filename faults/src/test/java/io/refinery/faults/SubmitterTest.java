package io.refinery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubmitterTest {

  private static List<JobKind> kinds(long seed, int jobs) {
    return IntStream.range(0, jobs).mapToObj(number -> Submitter.kind(seed, number)).toList();
  }

  @Test
  void aSeedAlwaysChoosesTheSameJobs() {
    assertThat(kinds(7, 500)).isEqualTo(kinds(7, 500)).isNotEqualTo(kinds(8, 500));
  }

  @Test
  void aShortRunCancelsJobsAndSetsDeadlines() {
    assertThat(kinds(7, 60))
        .contains(JobKind.CANCELLED, JobKind.REVOKED, JobKind.SOON, JobKind.LATE);
  }

  @Test
  void fivePercentAreCancelledAndFivePercentHaveADeadline() {
    assertThat(kinds(7, 500))
        .filteredOn(kind -> List.of(JobKind.CANCELLED, JobKind.REVOKED).contains(kind))
        .hasSize(25);
    assertThat(kinds(7, 500))
        .filteredOn(kind -> List.of(JobKind.SOON, JobKind.LATE).contains(kind))
        .hasSize(25);
  }
}
