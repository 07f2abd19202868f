package io.refinery.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.refinery.engine.EngineOptions;
import io.refinery.engine.MicroBatchSize;
import io.refinery.engine.RefiningEngine;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxOptionsTest {

  @Test
  void byDefaultEverythingIsLeftToTheEngine() {
    assertThat(OnnxOptions.of(EngineOptions.DEFAULTS))
        .isEqualTo(
            new OnnxOptions(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void everyOptionIsRead() {
    EngineOptions options =
        EngineOptions.parse(
            List.of(
                "refinery.engines.onnx.threads=3",
                "refinery.engines.onnx.spinning=true",
                "refinery.engines.onnx.micro-batch=8",
                "refinery.engines.onnx.tensorrt=false",
                "refinery.engines.onnx.channels-last=true",
                "refinery.engines.torch.threads=7"));
    assertThat(OnnxOptions.of(options))
        .isEqualTo(
            new OnnxOptions(
                Optional.of(3),
                Optional.of(true),
                Optional.of(new MicroBatchSize(8)),
                Optional.of(false),
                Optional.of(true)));
  }

  @ParameterizedTest
  @CsvSource({
    "refinery.engines.onnx.threads, many",
    "refinery.engines.onnx.threads, 0",
    "refinery.engines.onnx.spinning, yes",
    "refinery.engines.onnx.micro-batch, -1",
    "refinery.engines.onnx.tensorrt, maybe",
    "refinery.engines.onnx.channels-last, 1",
    "refinery.engines.onnx.thread, 1"
  })
  void aBadOptionIsNamedBeforeAnythingIsLoaded(String name, String value) {
    RefiningEngine engine = new OnnxRefiningEngine();
    EngineOptions options = EngineOptions.parse(List.of(name + "=" + value));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> engine.withOptions(options))
        .withMessageContaining(name);
  }
}
