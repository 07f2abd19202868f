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
  void withoutPropertiesAllCoresOrOneComeIntoQuestion() {
    int cores = Runtime.getRuntime().availableProcessors();
    assertThat(OnnxThreads.candidates())
        .doesNotHaveDuplicates()
        .contains(new OnnxThreads(cores, false), new OnnxThreads(1, false));
  }

  @Test
  void oneThreadHasNobodyToWaitFor() {
    System.setProperty("refinery.onnx.threads", "1");
    System.setProperty("refinery.onnx.spinning", "true");
    assertThat(OnnxThreads.candidates()).containsExactly(new OnnxThreads(1, false));
  }

  @Test
  void whatAPropertyLeavesOpenIsTried() {
    System.setProperty("refinery.onnx.threads", " 3 ");
    assertThat(OnnxThreads.candidates())
        .containsExactly(new OnnxThreads(3, false), new OnnxThreads(3, true));
    System.setProperty("refinery.onnx.spinning", "true");
    assertThat(OnnxThreads.candidates()).containsExactly(new OnnxThreads(3, true));
  }

  @Test
  void aBadPropertyIsNamed() {
    System.setProperty("refinery.onnx.threads", "many");
    assertThatIllegalArgumentException()
        .isThrownBy(OnnxThreads::candidates)
        .withMessageContaining("refinery.onnx.threads")
        .withMessageContaining("many");
    System.setProperty("refinery.onnx.threads", "0");
    assertThatIllegalArgumentException().isThrownBy(OnnxThreads::candidates);
    System.setProperty("refinery.onnx.threads", "1");
    System.setProperty("refinery.onnx.spinning", "yes");
    assertThatIllegalArgumentException()
        .isThrownBy(OnnxThreads::candidates)
        .withMessageContaining("refinery.onnx.spinning");
  }
}
