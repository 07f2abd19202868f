package io.refinery.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.Losses;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerNetwork;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of every pair's networks: what they compute, their initial weights, and access to
 * weights.
 */
public interface PairNetworkContract extends PairMaker {

  @Test
  default void eyesHaveThePapersNetworks() {
    PairSpec spec =
        new PairSpec(
            RefinerNetwork.eyes(),
            DiscriminatorNetwork.eyes(),
            new ImageShape(1, 35, 55),
            2,
            0,
            Tiny.MEANS,
            Tiny.SGD,
            Tiny.SGD,
            0,
            1);
    try (AdversarialPair pair = pair(spec)) {
      assertThat(pair.refinerWeights().count()).isEqualTo(296_129);
      assertThat(pair.discriminatorWeights().count()).isEqualTo(75_906);
      assertThat(pair.discriminate(Tiny.images(1, spec.shape(), 1))).hasSize(9 * 14);
    }
  }

  @ParameterizedTest
  @MethodSource(Tiny.KINDS)
  default void outputsMatchTheDefinitionOfTheNetworks(ImageShape shape, Losses losses) {
    PairSpec spec = Tiny.spec(shape, losses, Tiny.SGD);
    ImageBatch images = Tiny.images(2 * Tiny.BATCH + 1, shape, 6);
    try (AdversarialPair pair = scattered(spec)) {
      NaiveNetworks naive =
          NaiveNetworks.of(spec, pair.refinerWeights(), pair.discriminatorWeights());
      float[] refined = pair.refine(images).pixels();
      float[] probabilities = pair.discriminate(images);
      int values = shape.values();
      int patches = probabilities.length / images.count();
      for (int i = 0; i < images.count(); i++) {
        double[][][] image = NaiveNetworks.image(images, i);
        assertClose(slice(probabilities, i, patches), naive.discriminate(image));
        assertClose(slice(refined, i, values), NaiveNetworks.flat(naive.refine(image)));
      }
    }
  }

  private static float[] slice(float[] values, int index, int length) {
    return Arrays.copyOfRange(values, index * length, (index + 1) * length);
  }

  private static void assertClose(float[] values, double[] expected) {
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat((double) values[i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  @Test
  default void blocksOfANewRefinerPassTheirInputThrough() {
    try (AdversarialPair pair = pair(Tiny.spec(Tiny.GRAY, Tiny.MEANS, Tiny.SGD))) {
      assertThat(pair.refinerWeights().tensor("blocks.1.conv2.weight").values()).containsOnly(0f);
      assertThat(pair.refinerWeights().tensor("blocks.1.conv1.weight").values()).doesNotContain(0f);
      assertThat(pair.discriminatorWeights().tensor("conv2.weight").values()).doesNotContain(0f);
      assertThat(pair.discriminatorWeights().tensor("conv2.bias").values()).containsOnly(0f);
    }
  }

  @Test
  default void sameSeedGivesTheSameWeightsAndAnotherSeedDifferentOnes() {
    PairSpec spec = Tiny.spec(Tiny.GRAY, Tiny.MEANS, Tiny.SGD);
    PairSpec other =
        new PairSpec(
            spec.refiner(),
            spec.discriminator(),
            spec.shape(),
            spec.batch(),
            spec.memory(),
            spec.losses(),
            spec.refinerOptimizer(),
            spec.discriminatorOptimizer(),
            spec.gradientClip(),
            spec.seed() + 1);
    try (AdversarialPair one = pair(spec);
        AdversarialPair two = pair(spec);
        AdversarialPair three = pair(other)) {
      assertThat(Tiny.values(two.refinerWeights()))
          .containsExactly(Tiny.values(one.refinerWeights()));
      assertThat(Tiny.values(two.discriminatorWeights()))
          .containsExactly(Tiny.values(one.discriminatorWeights()));
      assertThat(Tiny.values(three.refinerWeights()))
          .isNotEqualTo(Tiny.values(one.refinerWeights()));
    }
  }

  @Test
  default void weightsRoundTripUnchanged() {
    try (AdversarialPair one = scattered(Tiny.SGD);
        AdversarialPair two = scattered(Tiny.SGD)) {
      one.updateRefiner(Tiny.SYNTHETIC);
      PairMaker.updateDiscriminator(one, Tiny.REAL, Tiny.SYNTHETIC);
      two.setRefinerWeights(one.refinerWeights());
      two.setDiscriminatorWeights(one.discriminatorWeights());
      assertThat(two.refinerWeights().tensors().keySet())
          .containsExactlyElementsOf(new RefinerNetwork(1, 3, 3, 2).parameters().keySet());
      assertThat(Tiny.values(two.refinerWeights()))
          .containsExactly(Tiny.values(one.refinerWeights()));
      assertThat(two.refine(Tiny.SYNTHETIC).pixels())
          .containsExactly(one.refine(Tiny.SYNTHETIC).pixels());
      assertThat(two.discriminate(Tiny.REAL)).containsExactly(one.discriminate(Tiny.REAL));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> two.setRefinerWeights(one.discriminatorWeights()))
          .withMessageContaining("conv_in.weight");
    }
  }
}
