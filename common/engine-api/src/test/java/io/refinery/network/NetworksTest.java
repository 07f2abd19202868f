package io.refinery.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.refinery.network.DiscriminatorNetwork.Convolution;
import io.refinery.network.DiscriminatorNetwork.MaxPooling;
import io.refinery.network.DiscriminatorNetwork.PatchMap;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworksTest {

  @Test
  void thePapersEyesRefinerHas296129Parameters() {
    assertThat(count(RefinerNetwork.eyes().parameters().values())).isEqualTo(296_129);
  }

  @Test
  void thePapersEyesDiscriminatorHas75906Parameters() {
    assertThat(count(DiscriminatorNetwork.eyes().parameters().values())).isEqualTo(75_906);
  }

  @Test
  void anEyeOf55x35Has9x14Patches() {
    PatchMap patches = DiscriminatorNetwork.eyes().patches(35, 55);
    assertThat(patches).isEqualTo(new PatchMap(9, 14));
    assertThat(patches.count()).isEqualTo(126);
  }

  @Test
  void theHandsDiscriminatorHas7x7Patches() {
    assertThat(DiscriminatorNetwork.hands().patches(224, 224)).isEqualTo(new PatchMap(7, 7));
    assertThat(RefinerNetwork.hands().parameters().get("blocks.9.conv2.weight"))
        .containsExactly(64, 64, 7, 7);
  }

  @Test
  void samePaddingRoundsThePatchMapUpAndNeverToZero() {
    DiscriminatorNetwork network =
        new DiscriminatorNetwork(3, List.of(new Convolution(5, 3, 4), new MaxPooling(2, 2)));
    assertThat(network.patches(1, 1)).isEqualTo(new PatchMap(1, 1));
    assertThat(network.patches(6, 7)).isEqualTo(new PatchMap(1, 2));
    assertThat(network.patches(224, 225)).isEqualTo(new PatchMap(38, 38));
  }

  @Test
  void theRefinersParametersAreInTheOrderOfItsLayers() {
    assertThat(new RefinerNetwork(3, 5, 8, 1).parameters())
        .containsExactly(
            Map.entry("conv_in.weight", List.of(8, 3, 5, 5)),
            Map.entry("conv_in.bias", List.of(8)),
            Map.entry("blocks.0.conv1.weight", List.of(8, 8, 5, 5)),
            Map.entry("blocks.0.conv1.bias", List.of(8)),
            Map.entry("blocks.0.conv2.weight", List.of(8, 8, 5, 5)),
            Map.entry("blocks.0.conv2.bias", List.of(8)),
            Map.entry("conv_out.weight", List.of(3, 8, 1, 1)),
            Map.entry("conv_out.bias", List.of(3)));
  }

  @Test
  void poolingHasNoParametersAndDoesNotCountAsAConvolution() {
    assertThat(DiscriminatorNetwork.eyes().parameters().keySet())
        .containsExactly(
            "conv1.weight",
            "conv1.bias",
            "conv2.weight",
            "conv2.bias",
            "conv3.weight",
            "conv3.bias",
            "conv4.weight",
            "conv4.bias",
            "conv_out.weight",
            "conv_out.bias");
  }

  @Test
  void invalidNetworksAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new RefinerNetwork(2, 3, 64, 4));
    assertThatIllegalArgumentException().isThrownBy(() -> new RefinerNetwork(1, 4, 64, 4));
    assertThatIllegalArgumentException().isThrownBy(() -> new RefinerNetwork(1, 3, 0, 4));
    assertThatIllegalArgumentException().isThrownBy(() -> new RefinerNetwork(1, 3, 64, -1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RefinerNetwork(1, 3, 64, 1001))
        .withMessageContaining("1000 blocks");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DiscriminatorNetwork(1, List.of(new MaxPooling(3, 1))));
  }

  @Test
  void weightsOfAnotherNetworkAreRefusedNamingTheFirstMismatch() {
    Map<String, List<Integer>> parameters = new RefinerNetwork(1, 1, 1, 0).parameters();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("conv_in.weight", new Tensor(List.of(1, 1, 1, 1), new float[1]));
    tensors.put("conv_in.bias", new Tensor(List.of(1), new float[1]));
    tensors.put("conv_out.weight", new Tensor(List.of(1, 1, 1, 1), new float[1]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Weights(tensors).requireShapes(parameters))
        .withMessageContaining("conv_out.bias");

    tensors.put("conv_out.bias", new Tensor(List.of(2), new float[2]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Weights(tensors).requireShapes(parameters))
        .withMessageContaining("conv_out.bias has shape [2], but the network has [1]");

    tensors.put("conv_out.bias", new Tensor(List.of(1), new float[1]));
    Weights whole = new Weights(tensors);
    assertThat(whole.requireShapes(parameters)).isSameAs(whole);

    tensors.put("more", new Tensor(List.of(1), new float[1]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Weights(tensors).requireShapes(parameters))
        .withMessageContaining("no tensor more");
  }

  private static int count(Collection<List<Integer>> shapes) {
    return shapes.stream().mapToInt(shape -> shape.stream().reduce(1, Math::multiplyExact)).sum();
  }
}
