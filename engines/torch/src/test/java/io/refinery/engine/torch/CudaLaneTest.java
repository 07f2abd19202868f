package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaLaneTest {

  @ParameterizedTest
  @CsvSource({"1, 256, 1", "2, 256, 2", "3, 256, 4", "200, 256, 256", "200, 220, 220"})
  void aGraphComputesAtMostTwiceTheImagesOfAPartAndNoMoreThanThereIsRoomFor(
      int count, int room, int images) {
    assertThat(CudaLane.recordedImages(count, room)).isEqualTo(images);
  }
}
