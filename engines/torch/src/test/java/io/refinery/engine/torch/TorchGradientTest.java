package io.refinery.engine.torch;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageBatch;
import io.refinery.testkit.engine.GradientPrecision;
import io.refinery.testkit.engine.PairGradientContract;
import java.util.Map;
import java.util.stream.IntStream;

class TorchGradientTest extends PairGradientContract {

  @Override
  protected OpenPair open(PairSpec spec, GradientPrecision numbers) {
    return new Open(new TorchPair(spec, OpenParameters.device(), OpenParameters.type(numbers)));
  }

  /** An update of gradient descent leaves the gradient behind. */
  private record Open(TorchPair engines) implements OpenPair {

    @Override
    public AdversarialPair pair() {
      return engines;
    }

    @Override
    public Map<String, double[]> ofPretraining(ImageBatch synthetic) {
      engines.pretrainRefiner(synthetic);
      return OpenParameters.gradient(engines.refinerParameters());
    }

    @Override
    public Map<String, double[]> ofRefiner(ImageBatch synthetic) {
      engines.updateRefiner(synthetic);
      return OpenParameters.gradient(engines.refinerParameters());
    }

    @Override
    public Map<String, double[]> ofDiscriminator(ImageBatch real, ImageBatch refined) {
      int[] places = IntStream.range(0, refined.count()).toArray();
      engines.memory().write(refined, places);
      engines.updateDiscriminator(real, refined.slice(0, 0), places, new int[0]);
      return OpenParameters.gradient(engines.discriminatorParameters());
    }

    @Override
    public void close() {
      engines.close();
    }
  }
}
