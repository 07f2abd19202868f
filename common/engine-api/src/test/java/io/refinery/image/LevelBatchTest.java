package io.refinery.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LevelBatchTest {

  @Test
  void everyLevelRoundTripsThroughPixels() {
    byte[] levels = new byte[256];
    for (int level = 0; level < levels.length; level++) {
      levels[level] = (byte) level;
    }
    LevelBatch batch = new LevelBatch(1, new ImageShape(1, 16, 16), levels);

    assertThat(LevelBatch.of(batch.toImages()).levels()).isEqualTo(levels);
  }

  @Test
  void aWrongNumberOfLevelsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LevelBatch(2, new ImageShape(1, 2, 2), new byte[7]))
        .withMessageContaining("do not fit 7 levels");
  }
}
