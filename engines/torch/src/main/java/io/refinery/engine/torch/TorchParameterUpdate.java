package io.refinery.engine.torch;

import io.refinery.engine.Optimizer;
import io.refinery.engine.PairState;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The optimiser of one network, with its state. An update never waits for the device; even whether
 * to clip the gradient is decided there.
 */
final class TorchParameterUpdate implements PairState.Part, AutoCloseable {

  private final Optimizer optimizer;
  private final double gradientClip;
  private final TorchNetworkParameters parameters;
  private final List<Tensor> moments = new ArrayList<>();
  private int updates;
  private double rateFactor = 1;

  /**
   * @param gradientClip maximum L2 norm of the gradient, 0 for no limit
   * @param parameters not closed by this class
   */
  TorchParameterUpdate(
      Optimizer optimizer,
      double gradientClip,
      TorchNetworkParameters parameters,
      TensorFactory tensors) {
    this.optimizer = optimizer;
    this.gradientClip = gradientClip;
    this.parameters = parameters;
    for (int i = 0; i < optimizer.moments(); i++) {
      moments.add(tensors.zeros(parameters.values().numel()));
    }
  }

  void scaleLearningRate(double factor) {
    rateFactor = factor;
  }

  /**
   * Runs one update along the gradient of {@code loss}.
   *
   * @param loss a scalar, computed from the trained parameters
   */
  void descend(Tensor loss) {
    parameters.gradient().zero_();
    loss.backward();
    TensorScope.runNoGrad(
        () -> {
          clip();
          step();
        });
    updates++;
  }

  /** With a norm of 0 the quotient is infinite, so the factor is 1. */
  private void clip() {
    if (gradientClip > 0) {
      Tensor factor =
          parameters
              .gradient()
              .norm()
              .reciprocal_()
              .mul_(new Scalar(gradientClip))
              .clamp_max_(new Scalar(1.0));
      parameters.gradient().mul_(factor);
    }
  }

  private void step() {
    Tensor gradient = parameters.gradient();
    double rate = optimizer.learningRate() * rateFactor;
    if (optimizer instanceof Optimizer.Adam adam) {
      step(adam, gradient, rate);
    } else if (optimizer instanceof Optimizer.Sgd sgd) {
      Tensor direction =
          moments.isEmpty()
              ? gradient
              : moments.get(0).mul_(new Scalar(sgd.momentum())).add_(gradient);
      parameters.values().add_(direction, new Scalar(-rate));
    }
  }

  /** Algorithm 1 of arXiv 1412.6980. */
  private void step(Optimizer.Adam adam, Tensor gradient, double rate) {
    int t = updates + 1;
    Tensor first = moments.get(0);
    Tensor second = moments.get(1);
    first.mul_(new Scalar(adam.beta1())).add_(gradient, new Scalar(1 - adam.beta1()));
    second
        .mul_(new Scalar(adam.beta2()))
        .addcmul_(gradient, gradient, new Scalar(1 - adam.beta2()));
    Tensor root =
        second
            .sqrt()
            .div_(new Scalar(Math.sqrt(1 - Math.pow(adam.beta2(), t))))
            .add_(new Scalar(adam.epsilon()));
    parameters.values().addcdiv_(first, root, new Scalar(-rate / (1 - Math.pow(adam.beta1(), t))));
  }

  @Override
  public void save(DataOutputStream out) throws IOException {
    out.writeInt(updates);
    for (Tensor tensor : state()) {
      out.write(Tensors.bytes(tensor));
    }
  }

  @Override
  public Runnable load(DataInputStream in) throws IOException {
    int saved = in.readInt();
    List<byte[]> contents = new ArrayList<>();
    for (Tensor tensor : state()) {
      byte[] bytes = new byte[Math.toIntExact(tensor.nbytes())];
      in.readFully(bytes);
      contents.add(bytes);
    }
    return () -> {
      updates = saved;
      for (int i = 0; i < contents.size(); i++) {
        Tensors.setBytes(state().get(i), contents.get(i));
      }
    };
  }

  private List<Tensor> state() {
    List<Tensor> state = new ArrayList<>(moments);
    state.add(parameters.values());
    return state;
  }

  @Override
  public void close() {
    moments.forEach(Tensor::close);
  }
}
