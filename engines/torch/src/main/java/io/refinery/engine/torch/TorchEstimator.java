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

/** An estimator that computes with libtorch. */
final class TorchEstimator implements Estimator {

  private static final int NO_CLIP = 0;

  private final EstimatorSpec spec;
  private final TensorFactory tensors;
  private final TorchNetworkParameters parameters;
  private final TorchParameterUpdate update;

  TorchEstimator(EstimatorSpec spec, Device device) {
    this(spec, device, ScalarType.Float);
  }

  /**
   * @param type {@code Double} for comparing gradients with finite differences
   */
  TorchEstimator(EstimatorSpec spec, Device device, ScalarType type) {
    this.spec = spec;
    Map<String, List<Integer>> shapes = spec.parameters();
    tensors = new TensorFactory(device, type);
    parameters = new TorchNetworkParameters(shapes, tensors);
    update = new TorchParameterUpdate(spec.optimizer(), NO_CLIP, parameters, tensors);
    parameters.write(InitialWeights.draw(shapes, new Random(spec.seed())));
  }

  @Override
  public double update(ImageBatch images, float[] targets) {
    requireShape(images);
    int count = images.count();
    if (count < 1 || count > spec.batch() || targets.length != count * spec.outputs()) {
      throw new IllegalArgumentException(
          "An update takes 1 to %d images with %d targets each, not %s with %d targets in total"
              .formatted(spec.batch(), spec.outputs(), images, targets.length));
    }
    return TensorScope.get(
        "update an estimator",
        () -> {
          Tensor input = tensors.images(images);
          Tensor features = EstimatorNetwork.features(spec, parameters.trained(), input);
          Tensor outputs = EstimatorNetwork.outputs(parameters.trained(), features);
          Tensor loss = loss(outputs, tensors.values(targets, count, spec.outputs()));
          update.descend(loss);
          return loss.item_double();
        });
  }

  /** Returns the mean over the images. */
  private Tensor loss(Tensor outputs, Tensor targets) {
    Tensor sum =
        spec.loss() == EstimatorSpec.Loss.SQUARED_DISTANCE
            ? outputs.sub(targets).square().sum()
            : torch.log_softmax(outputs, 1).mul(targets).sum().neg();
    return sum.div(new Scalar((double) outputs.size(0)));
  }

  @Override
  public float[] predict(ImageBatch images) {
    return inMicroBatches(
        images, features -> EstimatorNetwork.outputs(parameters.fixed(), features));
  }

  @Override
  public float[] features(ImageBatch images) {
    return inMicroBatches(images, features -> features);
  }

  /**
   * Runs at most as many images at once as an update, so that memory does not grow with their
   * number.
   */
  private float[] inMicroBatches(ImageBatch images, UnaryOperator<Tensor> head) {
    requireShape(images);
    return MicroBatches.run(
        images,
        spec.batch(),
        microBatch ->
            TensorScope.get(
                "estimate from " + microBatch,
                () ->
                    Tensors.floats(
                        head.apply(
                            EstimatorNetwork.features(
                                spec, parameters.fixed(), tensors.images(microBatch))))));
  }

  private void requireShape(ImageBatch images) {
    if (!images.shape().equals(spec.shape())) {
      throw new IllegalArgumentException("Images must be " + spec.shape() + ", not " + images);
    }
  }

  /** Returns the parameters and the last update's gradient, for tests. */
  TorchNetworkParameters parameters() {
    return parameters;
  }

  @Override
  public void close() {
    update.close();
    parameters.close();
    tensors.close();
  }
}
