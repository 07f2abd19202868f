package io.refinery.trainer.evaluation;

import io.refinery.engine.Device;
import io.refinery.engine.TrainingEngine;
import io.refinery.image.ImageBatch;
import io.refinery.network.DiscriminatorNetwork.PatchMap;
import io.refinery.trainer.feed.ImageFeed;
import io.refinery.trainer.plan.EvaluationPlan;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What to evaluate, on which images and with which networks.
 *
 * @param synthetic opens the domain that R was trained on, from its first image on
 * @param syntheticHeldOut places in it of images that R never saw
 * @param real opens the domain that refined images should look like
 * @param realHeldOut places in it of images that D never saw
 * @param labelledReal opens real images with labels, which may be the same bundle
 * @param equalise whether every image's histogram is equalised before anything else
 * @param refiner R, for any number of images
 * @param discriminator D's probability that each patch is refined: images x rows x columns
 * @param patches rows and columns of that map
 * @param stable R of the version that is currently served
 * @param engine trains the networks used to evaluate
 * @param seed the same seed, input, engine and device give the same report
 */
public record EvaluationInput(
    ImageFeed.Opener synthetic,
    Set<Long> syntheticHeldOut,
    ImageFeed.Opener real,
    Set<Long> realHeldOut,
    Optional<ImageFeed.Opener> labelledReal,
    boolean equalise,
    UnaryOperator<ImageBatch> refiner,
    Function<ImageBatch, float[]> discriminator,
    PatchMap patches,
    Optional<UnaryOperator<ImageBatch>> stable,
    TrainingEngine engine,
    Device device,
    EvaluationPlan plan,
    long seed) {

  public EvaluationInput {
    syntheticHeldOut = Set.copyOf(syntheticHeldOut);
    realHeldOut = Set.copyOf(realHeldOut);
    if (syntheticHeldOut.isEmpty() || realHeldOut.isEmpty()) {
      throw new IllegalArgumentException(
          "An evaluation needs at least one held-out image of each domain");
    }
  }
}
