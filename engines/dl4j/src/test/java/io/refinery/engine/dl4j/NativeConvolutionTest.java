package io.refinery.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.refinery.engine.MicroBatchSize;
import io.refinery.network.InitialWeights;
import io.refinery.network.RefinerNetwork;
import io.refinery.testkit.engine.Tiny;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class NativeConvolutionTest {

  private static final int IN_REFINER = 6;
  private static final int IN_DISCRIMINATOR = 4;

  @Test
  void everyConvolutionOfAPairIsNativeEvenAfterLoadingAState() throws IOException {
    try (Dl4jPair pair = new Dl4jPair(Tiny.spec(Tiny.GRAY, Tiny.MEANS, Tiny.SGD))) {
      List<ConvolutionLayer> convolutions = convolutions(pair.graphs());
      assertThat(convolutions).hasSize(2 * (IN_REFINER + IN_DISCRIMINATOR));
      assertThat(convolutions).allSatisfy(NativeConvolutionTest::assertNative);

      ByteArrayOutputStream state = new ByteArrayOutputStream();
      pair.saveState(state);
      pair.loadState(new ByteArrayInputStream(state.toByteArray()));
      pair.updateRefiner(Tiny.images(Tiny.BATCH, Tiny.GRAY, 1));
      assertThat(convolutions(pair.graphs())).allSatisfy(NativeConvolutionTest::assertNative);
    }
  }

  @Test
  void everyConvolutionOfARefinerIsNative() {
    RefinerNetwork network = new RefinerNetwork(1, 3, 3, 2);
    var weights = InitialWeights.draw(network.parameters(), new java.util.Random(1));
    try (Dl4jRefiner refiner =
        new Dl4jRefiner(network, weights, Tiny.GRAY, Optional.of(new MicroBatchSize(2)))) {
      assertThat(convolutions(List.of(refiner.graph())))
          .hasSize(IN_REFINER)
          .allSatisfy(NativeConvolutionTest::assertNative);
    }
  }

  @Test
  void theCpuBackendHasOneDnn() {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "ND4J has oneDNN only on x86-64");
    assertThat(Nd4j.getBackend().buildInfo()).contains("HAVE_ONEDNN");
  }

  private static List<ConvolutionLayer> convolutions(List<ComputationGraph> graphs) {
    List<ConvolutionLayer> convolutions = new ArrayList<>();
    for (ComputationGraph graph : graphs) {
      for (Layer layer : graph.getLayers()) {
        if (layer instanceof ConvolutionLayer convolution) {
          convolutions.add(convolution);
        }
      }
    }
    return convolutions;
  }

  private static void assertNative(ConvolutionLayer layer) {
    assertThat(layer.getHelper())
        .as(layer.getConf().getLayer().getLayerName())
        .isInstanceOf(MKLDNNConvHelper.class);
  }
}
