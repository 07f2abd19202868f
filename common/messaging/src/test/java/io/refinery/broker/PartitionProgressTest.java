package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartitionProgressTest {

  private final PartitionProgress progress = new PartitionProgress();

  @Test
  void nothingIsCommittedBeforeARecordHasEnded() {
    assertThat(progress.committable()).isEmpty();
    progress.take(7);
    assertThat(progress.committable()).isEmpty();
  }

  @Test
  void theOffsetStaysAtTheFirstOpenRecord() {
    progress.take(7);
    progress.take(8);
    progress.take(9);
    progress.end(8);
    assertThat(progress.committable()).isEmpty();
    progress.end(7);
    assertThat(progress.committable()).hasValue(9);
    progress.committed(9);
    assertThat(progress.committable()).isEmpty();
    progress.end(9);
    assertThat(progress.committable()).hasValue(10);
  }

  @Test
  void gapsOfMarkersAreSkipped() {
    progress.take(7);
    progress.end(7);
    progress.committed(8);
    progress.take(12);
    assertThat(progress.committable()).hasValue(12);
  }

  @Test
  void aPartitionThatIsFarAheadOfAnOpenRecordWaits() {
    for (int offset = 0; offset <= PartitionProgress.MOST_AHEAD; offset++) {
      assertThat(progress.isFarAhead()).isFalse();
      progress.take(offset);
    }
    assertThat(progress.isFarAhead()).isTrue();
    progress.end(0);
    assertThat(progress.isFarAhead()).isFalse();
  }
}
