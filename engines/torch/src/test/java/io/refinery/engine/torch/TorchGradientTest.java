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

  /** Gradient descent leaves the gradient in place after an update. */
  private record Open(TorchPair tested) implements OpenPair {

    @Override
    public AdversarialPair pair() {
      return tested;
    }

    @Override
    public Map<String, double[]> ofPretraining(ImageBatch synthetic) {
      tested.pretrainRefiner(synthetic);
      return OpenParameters.gradient(tested.refinerParameters());
    }

    @Override
    public Map<String, double[]> ofRefiner(ImageBatch synthetic) {
      tested.updateRefiner(synthetic);
      return OpenParameters.gradient(tested.refinerParameters());
    }

    @Override
    public Map<String, double[]> ofDiscriminator(ImageBatch real, ImageBatch refined) {
      int[] places = IntStream.range(0, refined.count()).toArray();
      tested.memory().write(refined, places);
      tested.updateDiscriminator(real, refined.slice(0, 0), places, new int[0]);
      return OpenParameters.gradient(tested.discriminatorParameters());
    }

    @Override
    public void close() {
      tested.close();
    }
  }
}
