package io.refinery.testkit.engine;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.engine.Optimizer;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageBatch;
import java.util.stream.IntStream;

/** How contracts come to the pairs of an engine. */
public interface PairMaker {

  /** A fresh pair of the engine. */
  AdversarialPair pair(PairSpec spec);

  /** One whose weights are scattered. */
  default AdversarialPair scattered(PairSpec spec) {
    return Tiny.scattered(pair(spec));
  }

  /** One of gray images with scattered weights. */
  default AdversarialPair scattered(Optimizer optimizer) {
    return scattered(Tiny.spec(Tiny.GRAY, Tiny.MEANS, optimizer));
  }

  /** One update of D on exactly these images: all of the refined ones are recalled. */
  static DiscriminatorLoss updateDiscriminator(
      AdversarialPair pair, ImageBatch real, ImageBatch refined) {
    int[] places = IntStream.range(0, refined.count()).toArray();
    pair.memory().write(refined, places);
    return pair.updateDiscriminator(real, refined.slice(0, 0), places, new int[0]).get();
  }
}
