package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.refinery.engine.EngineOptions;
import io.refinery.engine.MicroBatchSize;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchOptionsTest {

  @Test
  void everyDefaultIsAsDocumented() {
    assertThat(TorchOptions.DEFAULTS)
        .isEqualTo(
            new TorchOptions(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                true,
                true,
                true,
                false,
                false,
                false,
                true));
  }

  @Test
  void everyOptionIsRead() {
    EngineOptions options =
        EngineOptions.parse(
            List.of(
                "refinery.engines.torch.threads=3",
                "refinery.engines.torch.micro-batch=8",
                "refinery.engines.torch.convolution=plain",
                "refinery.engines.torch.channels-last=false",
                "refinery.engines.torch.cudnn-benchmark=false",
                "refinery.engines.torch.pinned-memory=false",
                "refinery.engines.torch.overlap-copies=false",
                "refinery.engines.torch.cuda-graphs=true",
                "refinery.engines.torch.fused-convolutions=true",
                "refinery.engines.torch.training-tf32=true",
                "refinery.engines.torch.training-deterministic=false",
                "refinery.engines.onnx.threads=7"));
    assertThat(TorchOptions.of(options))
        .isEqualTo(
            new TorchOptions(
                Optional.of(3),
                Optional.of(new MicroBatchSize(8)),
                Optional.of(ConvolutionKind.PLAIN),
                false,
                false,
                false,
                false,
                true,
                true,
                true,
                false));
  }

  @ParameterizedTest
  @CsvSource({
    "refinery.engines.torch.threads, 0",
    "refinery.engines.torch.threads, many",
    "refinery.engines.torch.micro-batch, -1",
    "refinery.engines.torch.convolution, quick",
    "refinery.engines.torch.training-tf32, yes",
    "refinery.engines.torch.graphs, true"
  })
  void aBadOptionIsNamedBeforeAnythingIsLoaded(String name, String value) {
    EngineOptions options = EngineOptions.parse(List.of(name + "=" + value));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TorchRefiningEngine().withOptions(options))
        .withMessageContaining(name);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TorchTrainingEngine().withOptions(options))
        .withMessageContaining(name);
  }
}
