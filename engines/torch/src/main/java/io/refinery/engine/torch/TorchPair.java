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
 * The pair on libtorch. An update computes the gradient of one network alone: the other takes part
 * by parameters that need none, so that it cannot move and its gradient is not computed.
 */
final class TorchPair implements AdversarialPair {

  private final PairSpec spec;
  private final TorchLossTerms terms;
  private final Placement placement;
  private final TorchNetworkParameters refiner;
  private final TorchNetworkParameters discriminator;
  private final TorchParameterUpdate refinerUpdate;
  private final TorchParameterUpdate discriminatorUpdate;
  private final PairState state;
  private final TensorMemory memory;
  private final List<DeviceValues> unread = new ArrayList<>();

  TorchPair(PairSpec spec, Device device) {
    this(spec, device, ScalarType.Float);
  }

  /**
   * @param type {@code Double} where gradients are compared with finite differences
   */
  TorchPair(PairSpec spec, Device device, ScalarType type) {
    this.spec = spec;
    terms = TorchLossTerms.of(spec);
    placement = new Placement(device, type);
    refiner = new TorchNetworkParameters(spec.refiner().parameters(), placement);
    discriminator = new TorchNetworkParameters(spec.discriminator().parameters(), placement);
    refinerUpdate =
        new TorchParameterUpdate(spec.refinerOptimizer(), spec.gradientClip(), refiner, placement);
    discriminatorUpdate =
        new TorchParameterUpdate(
            spec.discriminatorOptimizer(), spec.gradientClip(), discriminator, placement);
    state = new PairState(TorchRuntime.NAME, spec, refinerUpdate, discriminatorUpdate);
    memory = new TensorMemory(spec.memory(), spec.shape(), placement);
    Random random = new Random(spec.seed());
    refiner.write(InitialWeights.draw(spec.refiner().parameters(), random));
    discriminator.write(InitialWeights.draw(spec.discriminator().parameters(), random));
  }

  @Override
  public DoubleSupplier pretrainRefiner(ImageBatch synthetic) {
    spec.requireBatch(synthetic);
    Supplier<double[]> values =
        Scoped.get(
            "pre-train R",
            () -> {
              Tensor images = placement.images(synthetic);
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
        Scoped.get(
            "update R",
            () -> {
              Tensor images = placement.images(synthetic);
              Tensor refined = ForwardPasses.refine(spec.refiner(), refiner.trained(), images);
              Tensor logits =
                  ForwardPasses.judge(spec.discriminator(), discriminator.fixed(), refined);
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
          "D is shown %d images that are refined or recalled, not %d and %d"
              .formatted(spec.batch(), synthetic.count(), recalled.length));
    }
    Supplier<double[]> values =
        Scoped.get(
            "update D",
            () -> {
              Tensor images = judgedImages(real, synthetic, recalled, remembered);
              Tensor logits =
                  ForwardPasses.judge(spec.discriminator(), discriminator.trained(), images);
              TorchLossTerms.OfDiscriminator loss =
                  terms.discriminator(terms.refinedLogits(logits), spec.batch());
              discriminatorUpdate.descend(loss.total());
              return deferred(loss.total(), loss.real(), loss.refined());
            });
    return () -> new DiscriminatorLoss(values.get()[0], values.get()[1], values.get()[2]);
  }

  /** Real images, refined ones, recalled ones; then the memory has the remembered ones. */
  private Tensor judgedImages(
      ImageBatch real, ImageBatch synthetic, int[] recalled, int[] remembered) {
    return Scoped.tensor(
        () -> {
          List<Tensor> images = new ArrayList<>();
          images.add(placement.images(real));
          if (synthetic.count() > 0) {
            images.add(refinedWithoutGradient(synthetic));
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

  private Tensor refinedWithoutGradient(ImageBatch synthetic) {
    return Scoped.tensorWithoutGradient(
        () -> ForwardPasses.refine(spec.refiner(), refiner.fixed(), placement.images(synthetic)));
  }

  private Supplier<double[]> deferred(Tensor... numbers) {
    DeviceValues values = DeviceValues.of(numbers);
    if (placement.isAsynchronous()) {
      unread.removeIf(DeviceValues::isRead);
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
    float[] refined = inParts("refine", synthetic, this::refinedWithoutGradient);
    return new ImageBatch(synthetic.count(), synthetic.shape(), refined);
  }

  @Override
  public float[] discriminate(ImageBatch images) {
    return inParts("judge", images, this::probabilities);
  }

  private Tensor probabilities(ImageBatch images) {
    return Scoped.tensorWithoutGradient(
        () ->
            terms
                .refinedLogits(
                    ForwardPasses.judge(
                        spec.discriminator(), discriminator.fixed(), placement.images(images)))
                .sigmoid());
  }

  /** Runs no more images at once than training does, so that memory does not grow with them. */
  private float[] inParts(String action, ImageBatch images, Function<ImageBatch, Tensor> network) {
    spec.requireShape(images);
    return Batches.run(
        images,
        2 * spec.batch(),
        part -> Scoped.get(action + " " + part, () -> Tensors.floats(network.apply(part))));
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

  /** R's parameters and the gradient of its last update, for tests that look inside. */
  TorchNetworkParameters refinerParameters() {
    return refiner;
  }

  /** D's, likewise. */
  TorchNetworkParameters discriminatorParameters() {
    return discriminator;
  }

  @Override
  public void close() {
    unread.forEach(DeviceValues::close);
    memory.close();
    refinerUpdate.close();
    discriminatorUpdate.close();
    refiner.close();
    discriminator.close();
    placement.close();
  }
}
