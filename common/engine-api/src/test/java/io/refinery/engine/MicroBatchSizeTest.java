package io.refinery.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.refinery.image.ImageShape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MicroBatchSizeTest {

  private static final String PROPERTY = "refinery.test.part";

  @AfterEach
  void forget() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void largerImagesGoThroughInSmallerPartsDownToOne() {
    MicroBatchSize part = new MicroBatchSize(8);
    assertThat(part.images(MicroBatchSize.eye(1))).isEqualTo(8);
    assertThat(part.images(new ImageShape(3, 70, 55))).isEqualTo(4);
    assertThat(part.images(new ImageShape(1, 4096, 4096))).isEqualTo(1);
  }

  @Test
  void aPropertyHoldsOneWhereItIsSet() {
    assertThat(MicroBatchSize.configured(PROPERTY)).isEmpty();
    System.setProperty(PROPERTY, " 64 ");
    assertThat(MicroBatchSize.configured(PROPERTY)).contains(new MicroBatchSize(64));
  }

  @ParameterizedTest
  @ValueSource(strings = {"half", "0", "-1", ""})
  void aBadPropertyIsNamed(String value) {
    System.setProperty(PROPERTY, value);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MicroBatchSize.configured(PROPERTY))
        .withMessageContaining(PROPERTY)
        .withMessageContaining("'" + value + "'");
  }
}
