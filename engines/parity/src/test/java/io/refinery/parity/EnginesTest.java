package io.refinery.parity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EnginesTest {

  @Test
  void everyEngineOfThisBuildIsCompared() {
    assertThat(Engines.refining()).containsExactly("dl4j", "onnx", "torch");
    assertThat(Engines.training()).containsExactly("dl4j", "torch");
  }
}
