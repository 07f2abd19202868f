package io.refinery.engine.torch;

import io.refinery.engine.Device;
import io.refinery.engine.Estimator;
import io.refinery.engine.EstimatorSpec;
import io.refinery.image.ImageBatch;
import io.refinery.network.InitialWeights;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** An estimator on libtorch. */
final class TorchEstimator implements Estimator {

  private static final int NO_CLIP = 0;

  private final EstimatorSpec spec;
  private final Placement placement;
  private final TorchNetworkParameters parameters;
  private final TorchParameterUpdate update;

  TorchEstimator(EstimatorSpec spec, Device device) {
    this(spec, device, ScalarType.Float);
  }

  /**
   * @param type {@code Double} where gradients are compared with finite differences
   */
  TorchEstimator(EstimatorSpec spec, Device device, ScalarType type) {
    this.spec = spec;
    Map<String, List<Integer>> shapes = spec.parameters();
    placement = new Placement(device, type);
    parameters = new TorchNetworkParameters(shapes, placement);
    update = new TorchParameterUpdate(spec.optimizer(), NO_CLIP, parameters, placement);
    parameters.write(InitialWeights.draw(shapes, new Random(spec.seed())));
  }

  @Override
  public double update(ImageBatch images, float[] targets) {
    requireShape(images);
    int count = images.count();
    if (count < 1 || count > spec.batch() || targets.length != count * spec.outputs()) {
      throw new IllegalArgumentException(
          "An update has 1 to %d images with %d targets each, not %s with %d targets in all"
              .formatted(spec.batch(), spec.outputs(), images, targets.length));
    }
    return Scoped.get(
        "update an estimator",
        () -> {
          Tensor input = placement.images(images);
          Tensor features = EstimatorNetwork.features(spec, parameters.trained(), input);
          Tensor outputs = EstimatorNetwork.outputs(parameters.trained(), features);
          Tensor loss = loss(outputs, placement.numbers(targets, count, spec.outputs()));
          update.descend(loss);
          return loss.item_double();
        });
  }

  /** The mean over the images. */
  private Tensor loss(Tensor outputs, Tensor targets) {
    Tensor sum =
        spec.loss() == EstimatorSpec.Loss.SQUARED_DISTANCE
            ? outputs.sub(targets).square().sum()
            : torch.log_softmax(outputs, 1).mul(targets).sum().neg();
    return sum.div(new Scalar((double) outputs.size(0)));
  }

  @Override
  public float[] predict(ImageBatch images) {
    return inParts(images, features -> EstimatorNetwork.outputs(parameters.fixed(), features));
  }

  @Override
  public float[] features(ImageBatch images) {
    return inParts(images, features -> features);
  }

  /** Runs no more images at once than an update has, so that memory does not grow with them. */
  private float[] inParts(ImageBatch images, UnaryOperator<Tensor> ofFeatures) {
    requireShape(images);
    return Batches.run(
        images,
        spec.batch(),
        part ->
            Scoped.get(
                "estimate from " + part,
                () ->
                    Tensors.floats(
                        ofFeatures.apply(
                            EstimatorNetwork.features(
                                spec, parameters.fixed(), placement.images(part))))));
  }

  private void requireShape(ImageBatch images) {
    if (!images.shape().equals(spec.shape())) {
      throw new IllegalArgumentException("Images are of " + spec.shape() + ", not " + images);
    }
  }

  /** The parameters and the gradient of the last update, for tests that look inside. */
  TorchNetworkParameters parameters() {
    return parameters;
  }

  @Override
  public void close() {
    update.close();
    parameters.close();
    placement.close();
  }
}
