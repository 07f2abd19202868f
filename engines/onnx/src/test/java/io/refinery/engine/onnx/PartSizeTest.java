package io.refinery.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.refinery.image.ImageShape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PartSizeTest {

  @AfterEach
  void forget() {
    System.clearProperty(PartSize.PROPERTY);
  }

  @Test
  void largerImagesGoThroughInSmallerPartsDownToOne() {
    PartSize part = new PartSize(8);
    assertThat(part.images(new ImageShape(1, 35, 55))).isEqualTo(8);
    assertThat(part.images(new ImageShape(3, 70, 55))).isEqualTo(4);
    assertThat(part.images(new ImageShape(1, 4096, 4096))).isEqualTo(1);
  }

  @Test
  void thePropertyStandsForEveryMeasurement() {
    System.setProperty("refinery.onnx.part", " 64 ");
    assertThat(PartSize.candidates()).containsExactly(new PartSize(64));
    assertThat(PartSize.configured(List.of(new PartSize(256)))).containsExactly(new PartSize(64));
  }

  @Test
  void aBadPropertyIsNamed() {
    System.setProperty("refinery.onnx.part", "half");
    assertThatIllegalArgumentException()
        .isThrownBy(PartSize::candidates)
        .withMessageContaining("refinery.onnx.part")
        .withMessageContaining("half");
    System.setProperty("refinery.onnx.part", "0");
    assertThatIllegalArgumentException().isThrownBy(PartSize::candidates);
  }
}
