package io.refinery.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.EngineOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxThreadsTest {

  @Test
  void withoutOptionsAllCoresOrOneComeIntoQuestion() {
    int cores = Runtime.getRuntime().availableProcessors();
    assertThat(candidates())
        .doesNotHaveDuplicates()
        .contains(new OnnxThreads(cores, false), new OnnxThreads(1, false));
  }

  @Test
  void oneThreadHasNobodyToWaitFor() {
    assertThat(candidates("refinery.engines.onnx.threads=1", "refinery.engines.onnx.spinning=true"))
        .containsExactly(new OnnxThreads(1, false));
  }

  @Test
  void whatAnOptionLeavesOpenIsTried() {
    assertThat(candidates("refinery.engines.onnx.threads=3"))
        .containsExactly(new OnnxThreads(3, false), new OnnxThreads(3, true));
    assertThat(candidates("refinery.engines.onnx.threads=3", "refinery.engines.onnx.spinning=true"))
        .containsExactly(new OnnxThreads(3, true));
  }

  private static List<OnnxThreads> candidates(String... options) {
    return OnnxThreads.candidates(OnnxOptions.of(EngineOptions.parse(List.of(options))));
  }
}
