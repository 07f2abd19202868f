package io.refinery.testkit.engine;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.engine.Optimizer;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageBatch;
import java.util.stream.IntStream;

/** Creates an engine's pairs for the contracts. */
public interface PairMaker {

  /** Creates a new pair. */
  AdversarialPair pair(PairSpec spec);

  /** Creates a pair with scattered weights. */
  default AdversarialPair scattered(PairSpec spec) {
    return Tiny.scattered(pair(spec));
  }

  /** Creates a pair for gray images with scattered weights. */
  default AdversarialPair scattered(Optimizer optimizer) {
    return scattered(Tiny.spec(Tiny.GRAY, Tiny.MEANS, optimizer));
  }

  /** Updates D once on exactly these images; all refined ones come from the memory. */
  static DiscriminatorLoss updateDiscriminator(
      AdversarialPair pair, ImageBatch real, ImageBatch refined) {
    int[] places = IntStream.range(0, refined.count()).toArray();
    pair.memory().write(refined, places);
    return pair.updateDiscriminator(real, refined.slice(0, 0), places, new int[0]).get();
  }
}
