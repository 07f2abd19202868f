package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.EngineOptions;
import java.util.List;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GpuArithmeticTest {

  private final Context context = torch.globalContext();

  @AfterEach
  void asByDefault() {
    GpuArithmetic.use(TorchOptions.DEFAULTS);
  }

  @Test
  void trainingIsInFullPrecisionAndRepeatableUnlessAskedOtherwise() {
    GpuArithmetic.use(TorchOptions.DEFAULTS);
    assertThat(context.allowTF32CuDNN()).isFalse();
    assertThat(context.allowTF32CuBLAS()).isFalse();
    assertThat(context.deterministicCuDNN()).isTrue();
    assertThat(context.benchmarkCuDNN()).isFalse();
  }

  @Test
  void tf32AndTriedAlgorithmsAreToBeAskedFor() {
    GpuArithmetic.use(
        TorchOptions.of(
            EngineOptions.parse(
                List.of(
                    "refinery.engines.torch.training-tf32=true",
                    "refinery.engines.torch.training-deterministic=false"))));
    assertThat(context.allowTF32CuDNN()).isTrue();
    assertThat(context.allowTF32CuBLAS()).isTrue();
    assertThat(context.deterministicCuDNN()).isFalse();
    assertThat(context.benchmarkCuDNN()).isTrue();
  }
}
