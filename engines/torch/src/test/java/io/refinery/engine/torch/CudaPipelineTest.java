package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaPipelineTest {

  @ParameterizedTest
  @CsvSource({"1, 256, 1", "2, 256, 2", "3, 256, 4", "200, 256, 256", "200, 220, 220"})
  void aGraphComputesAtMostTwiceTheImagesAndNeverMoreThanTheBuffersHold(
      int count, int capacity, int images) {
    assertThat(CudaPipeline.graphSize(count, capacity)).isEqualTo(images);
  }
}
