package io.refinery.engine.torch;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.Device;
import io.refinery.engine.ImageMemory;
import io.refinery.engine.PairSpec;
import io.refinery.engine.PairState;
import io.refinery.image.ImageBatch;
import io.refinery.network.InitialWeights;
import io.refinery.network.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A pair that computes with libtorch. An update computes the gradient of one network only: the
 * other one's parameters do not require gradients, so it cannot change.
 */
final class TorchPair implements AdversarialPair {

  private final PairSpec spec;
  private final TorchLossTerms terms;
  private final TensorFactory tensors;
  private final TorchNetworkParameters refiner;
  private final TorchNetworkParameters discriminator;
  private final TorchParameterUpdate refinerUpdate;
  private final TorchParameterUpdate discriminatorUpdate;
  private final PairState state;
  private final TensorMemory memory;
  private final List<DeviceScalars> unread = new ArrayList<>();

  TorchPair(PairSpec spec, Device device) {
    this(spec, device, ScalarType.Float);
  }

  /**
   * @param type {@code Double} for comparing gradients with finite differences
   */
  TorchPair(PairSpec spec, Device device, ScalarType type) {
    this.spec = spec;
    terms = TorchLossTerms.of(spec);
    tensors = new TensorFactory(device, type);
    refiner = new TorchNetworkParameters(spec.refiner().parameters(), tensors);
    discriminator = new TorchNetworkParameters(spec.discriminator().parameters(), tensors);
    refinerUpdate =
        new TorchParameterUpdate(spec.refinerOptimizer(), spec.gradientClip(), refiner, tensors);
    discriminatorUpdate =
        new TorchParameterUpdate(
            spec.discriminatorOptimizer(), spec.gradientClip(), discriminator, tensors);
    state = new PairState(TorchRuntime.NAME, spec, refinerUpdate, discriminatorUpdate);
    memory = new TensorMemory(spec.memory(), spec.shape(), tensors);
    Random random = new Random(spec.seed());
    refiner.write(InitialWeights.draw(spec.refiner().parameters(), random));
    discriminator.write(InitialWeights.draw(spec.discriminator().parameters(), random));
  }

  @Override
  public DoubleSupplier pretrainRefiner(ImageBatch synthetic) {
    spec.requireBatch(synthetic);
    Supplier<double[]> values =
        TensorScope.get(
            "pre-train R",
            () -> {
              Tensor images = tensors.images(synthetic);
              Tensor refined = ForwardPasses.refine(spec.refiner(), refiner.trained(), images);
              Tensor term = terms.selfRegularisation(refined, images);
              refinerUpdate.descend(terms.weighted(term));
              return deferred(term);
            });
    return () -> values.get()[0];
  }

  @Override
  public Supplier<RefinerLoss> updateRefiner(ImageBatch synthetic) {
    spec.requireBatch(synthetic);
    Supplier<double[]> values =
        TensorScope.get(
            "update R",
            () -> {
              Tensor images = tensors.images(synthetic);
              Tensor refined = ForwardPasses.refine(spec.refiner(), refiner.trained(), images);
              Tensor logits =
                  ForwardPasses.discriminate(spec.discriminator(), discriminator.fixed(), refined);
              Tensor adversarial = terms.adversarial(terms.refinedLogits(logits));
              Tensor selfRegularisation = terms.selfRegularisation(refined, images);
              refinerUpdate.descend(adversarial.add(terms.weighted(selfRegularisation)));
              return deferred(adversarial, selfRegularisation);
            });
    return () -> new RefinerLoss(values.get()[0], values.get()[1], spec.losses().lambda());
  }

  @Override
  public Supplier<DiscriminatorLoss> updateDiscriminator(
      ImageBatch real, ImageBatch synthetic, int[] recalled, int[] remembered) {
    spec.requireBatch(real);
    spec.requireShape(synthetic);
    if (synthetic.count() + recalled.length != spec.batch()) {
      throw new IllegalArgumentException(
          "An update of D takes %d refined and recalled images in total, not %d and %d"
              .formatted(spec.batch(), synthetic.count(), recalled.length));
    }
    Supplier<double[]> values =
        TensorScope.get(
            "update D",
            () -> {
              Tensor images = discriminatorBatch(real, synthetic, recalled, remembered);
              Tensor logits =
                  ForwardPasses.discriminate(spec.discriminator(), discriminator.trained(), images);
              TorchLossTerms.DiscriminatorTerms loss =
                  terms.discriminator(terms.refinedLogits(logits), spec.batch());
              discriminatorUpdate.descend(loss.total());
              return deferred(loss.total(), loss.real(), loss.refined());
            });
    return () -> new DiscriminatorLoss(values.get()[0], values.get()[1], values.get()[2]);
  }

  /**
   * Returns real, refined and recalled images, in this order; then writes the remembered ones to
   * the memory.
   */
  private Tensor discriminatorBatch(
      ImageBatch real, ImageBatch synthetic, int[] recalled, int[] remembered) {
    return TensorScope.tensor(
        () -> {
          List<Tensor> images = new ArrayList<>();
          images.add(tensors.images(real));
          if (synthetic.count() > 0) {
            images.add(refineNoGrad(synthetic));
          }
          if (recalled.length > 0) {
            images.add(memory.recall(recalled));
          }
          if (remembered.length > 0) {
            memory.remember(images.get(1).narrow(0, 0, remembered.length), remembered);
          }
          return torch.cat(new TensorVector(images.toArray(Tensor[]::new)), 0);
        });
  }

  private Tensor refineNoGrad(ImageBatch synthetic) {
    return TensorScope.tensorNoGrad(
        () -> ForwardPasses.refine(spec.refiner(), refiner.fixed(), tensors.images(synthetic)));
  }

  private Supplier<double[]> deferred(Tensor... numbers) {
    DeviceScalars values = DeviceScalars.of(numbers);
    if (tensors.isAsynchronous()) {
      unread.removeIf(DeviceScalars::isRead);
      unread.add(values);
    } else {
      values.get();
    }
    return values;
  }

  @Override
  public ImageMemory memory() {
    return memory;
  }

  @Override
  public void scaleLearningRates(double factor) {
    refinerUpdate.scaleLearningRate(factor);
    discriminatorUpdate.scaleLearningRate(factor);
  }

  @Override
  public ImageBatch refine(ImageBatch synthetic) {
    float[] refined = inMicroBatches("refine", synthetic, this::refineNoGrad);
    return new ImageBatch(synthetic.count(), synthetic.shape(), refined);
  }

  @Override
  public float[] discriminate(ImageBatch images) {
    return inMicroBatches("run D on", images, this::probabilities);
  }

  private Tensor probabilities(ImageBatch images) {
    return TensorScope.tensorNoGrad(
        () ->
            terms
                .refinedLogits(
                    ForwardPasses.discriminate(
                        spec.discriminator(), discriminator.fixed(), tensors.images(images)))
                .sigmoid());
  }

  /**
   * Runs at most as many images at once as a training update, so that memory does not grow with
   * their number.
   */
  private float[] inMicroBatches(
      String action, ImageBatch images, Function<ImageBatch, Tensor> network) {
    spec.requireShape(images);
    return MicroBatches.run(
        images,
        2 * spec.batch(),
        microBatch ->
            TensorScope.get(
                action + " " + microBatch, () -> Tensors.floats(network.apply(microBatch))));
  }

  @Override
  public Weights refinerWeights() {
    return refiner.read();
  }

  @Override
  public Weights discriminatorWeights() {
    return discriminator.read();
  }

  @Override
  public void setRefinerWeights(Weights weights) {
    refiner.write(weights);
  }

  @Override
  public void setDiscriminatorWeights(Weights weights) {
    discriminator.write(weights);
  }

  @Override
  public void saveState(OutputStream out) throws IOException {
    state.save(out);
  }

  @Override
  public void loadState(InputStream in) throws IOException {
    state.load(in);
  }

  /** Returns R's parameters and its last update's gradient, for tests. */
  TorchNetworkParameters refinerParameters() {
    return refiner;
  }

  /** Returns D's parameters and its last update's gradient, for tests. */
  TorchNetworkParameters discriminatorParameters() {
    return discriminator;
  }

  @Override
  public void close() {
    unread.forEach(DeviceScalars::close);
    memory.close();
    refinerUpdate.close();
    discriminatorUpdate.close();
    refiner.close();
    discriminator.close();
    tensors.close();
  }
}
