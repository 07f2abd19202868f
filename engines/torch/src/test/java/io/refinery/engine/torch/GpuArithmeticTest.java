package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GpuArithmeticTest {

  private final Context context = torch.globalContext();

  @AfterEach
  void asByDefault() {
    System.clearProperty(GpuArithmetic.TF32);
    System.clearProperty(GpuArithmetic.DETERMINISTIC);
    GpuArithmetic.use();
  }

  @Test
  void trainingIsInFullPrecisionAndRepeatableUnlessAskedOtherwise() {
    GpuArithmetic.use();
    assertThat(context.allowTF32CuDNN()).isFalse();
    assertThat(context.allowTF32CuBLAS()).isFalse();
    assertThat(context.deterministicCuDNN()).isTrue();
    assertThat(context.benchmarkCuDNN()).isFalse();
  }

  @Test
  void tf32AndTriedAlgorithmsAreToBeAskedFor() {
    System.setProperty(GpuArithmetic.TF32, "true");
    System.setProperty(GpuArithmetic.DETERMINISTIC, "false");
    GpuArithmetic.use();
    assertThat(context.allowTF32CuDNN()).isTrue();
    assertThat(context.allowTF32CuBLAS()).isTrue();
    assertThat(context.deterministicCuDNN()).isFalse();
    assertThat(context.benchmarkCuDNN()).isTrue();
  }
}
