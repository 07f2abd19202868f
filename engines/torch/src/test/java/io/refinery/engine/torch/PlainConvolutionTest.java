package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // A scope works by being open.
class PlainConvolutionTest {

  @Test
  void weightsOfASingleChannelTakeTheStridesOfChannelsLastToo() {
    try (PointerScope scope = new PointerScope()) {
      Tensor weight = torch.rand(64, 1, 3, 3);

      Tensor restrided = PlainConvolution.restrided(weight, MemoryFormat.ChannelsLast);

      assertThat(strides(weight.contiguous(MemoryFormat.ChannelsLast))).containsExactly(9, 9, 3, 1);
      assertThat(strides(restrided)).containsExactly(9, 1, 3, 1);
      assertThat(restrided.equal(weight)).isTrue();
    }
  }

  private static long[] strides(Tensor tensor) {
    long[] strides = new long[4];
    tensor.strides().data().get(strides);
    return strides;
  }
}
