package io.refinery.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OnnxThreadsTest {

  @AfterEach
  void forget() {
    System.clearProperty(OnnxThreads.COUNT_PROPERTY);
    System.clearProperty(OnnxThreads.SPINNING_PROPERTY);
  }

  @Test
  void withoutPropertiesAllCoresComputeAndNoneSpins() {
    int cores = Runtime.getRuntime().availableProcessors();
    assertThat(OnnxThreads.configured()).isEqualTo(new OnnxThreads(cores, false));
  }

  @Test
  void propertiesSetBoth() {
    System.setProperty("refinery.onnx.threads", " 3 ");
    System.setProperty("refinery.onnx.spinning", "true");
    assertThat(OnnxThreads.configured()).isEqualTo(new OnnxThreads(3, true));
  }

  @Test
  void aBadPropertyIsNamed() {
    System.setProperty("refinery.onnx.threads", "many");
    assertThatIllegalArgumentException()
        .isThrownBy(OnnxThreads::configured)
        .withMessageContaining("refinery.onnx.threads")
        .withMessageContaining("many");
    System.setProperty("refinery.onnx.threads", "0");
    assertThatIllegalArgumentException().isThrownBy(OnnxThreads::configured);
    System.setProperty("refinery.onnx.threads", "1");
    System.setProperty("refinery.onnx.spinning", "yes");
    assertThatIllegalArgumentException()
        .isThrownBy(OnnxThreads::configured)
        .withMessageContaining("refinery.onnx.spinning");
  }
}
