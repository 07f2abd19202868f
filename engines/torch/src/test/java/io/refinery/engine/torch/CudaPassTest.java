package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import io.refinery.testkit.engine.Models;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs on the CPU, which supports everything except fused operations. */
@SuppressWarnings("try") // The scope frees tensors when it closes.
class CudaPassTest {

  private static final RefinerNetwork NETWORK = new RefinerNetwork(1, 3, 8, 2);
  private static final Weights WEIGHTS = Models.weights(NETWORK, 1);

  @ParameterizedTest
  @EnumSource(names = {"Contiguous", "ChannelsLast"})
  void refinesLikeTheCpuPass(MemoryFormat format) {
    try (PointerScope scope = new PointerScope();
        CudaPass pass = pass(format);
        CpuPass reference = new CpuPass(NETWORK, WEIGHTS, new LibtorchBackend(), Precision.FULL)) {
      Tensor images = torch.rand(3, 1, 7, 11);

      assertThat(Tensors.floats(pass.refine(images)))
          .containsExactly(Tensors.floats(reference.refine(images)), within(1e-5f));
    }
  }

  @Test
  void singleChannelWeightsAlsoGetChannelsLastStrides() {
    try (PointerScope scope = new PointerScope();
        CudaPass pass = pass(MemoryFormat.ChannelsLast)) {
      long[] strides = new long[4];
      pass.filters("conv_in").strides().data().get(strides);

      assertThat(strides).containsExactly(9, 1, 3, 1);
    }
  }

  private static CudaPass pass(MemoryFormat format) {
    return new CudaPass(NETWORK, WEIGHTS, Device.cpu(), Precision.FULL, format, false);
  }
}
