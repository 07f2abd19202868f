package io.refinery.engine.torch;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.PairSpec;
import io.refinery.testkit.engine.AdversarialPairContract;

class TorchPairTest implements AdversarialPairContract {

  @Override
  public AdversarialPair pair(PairSpec spec) {
    return new TorchTrainingEngine().pair(spec, OpenParameters.device());
  }
}
