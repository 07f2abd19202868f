package io.refinery.engine.dl4j;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.PairSpec;
import io.refinery.testkit.engine.AdversarialPairContract;

class Dl4jPairTest implements AdversarialPairContract {

  @Override
  public AdversarialPair pair(PairSpec spec) {
    return new Dl4jPair(spec);
  }
}
