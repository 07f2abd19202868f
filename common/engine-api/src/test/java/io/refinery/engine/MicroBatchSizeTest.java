package io.refinery.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.image.ImageShape;
import org.junit.jupiter.api.Test;

class MicroBatchSizeTest {

  @Test
  void largerImagesGoThroughInSmallerPartsDownToOne() {
    MicroBatchSize part = new MicroBatchSize(8);
    assertThat(part.images(MicroBatchSize.eye(1))).isEqualTo(8);
    assertThat(part.images(new ImageShape(3, 70, 55))).isEqualTo(4);
    assertThat(part.images(new ImageShape(1, 4096, 4096))).isEqualTo(1);
  }
}
