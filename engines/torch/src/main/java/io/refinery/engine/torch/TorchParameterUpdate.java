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
 * The optimiser of one network, with its state. Nothing of an update waits for the device: even
 * whether a gradient is clipped is decided there.
 */
final class TorchParameterUpdate implements PairState.Part, AutoCloseable {

  private final Optimizer optimizer;
  private final double gradientClip;
  private final TorchNetworkParameters parameters;
  private final List<Tensor> moments = new ArrayList<>();
  private int updates;
  private double rateFactor = 1;

  /**
   * @param gradientClip largest L2 norm of a gradient, 0 for no limit
   * @param parameters not closed with this
   */
  TorchParameterUpdate(
      Optimizer optimizer,
      double gradientClip,
      TorchNetworkParameters parameters,
      Placement placement) {
    this.optimizer = optimizer;
    this.gradientClip = gradientClip;
    this.parameters = parameters;
    for (int i = 0; i < optimizer.moments(); i++) {
      moments.add(placement.zeros(parameters.values().numel()));
    }
  }

  void scaleLearningRate(double factor) {
    rateFactor = factor;
  }

  /**
   * One update down the gradient of {@code loss}.
   *
   * @param loss a single number, computed from the trained parameters
   */
  void descend(Tensor loss) {
    parameters.gradient().zero_();
    loss.backward();
    Scoped.runWithoutGradient(
        () -> {
          clip();
          step();
        });
    updates++;
  }

  /** A norm of 0 makes the quotient infinite, and so the factor 1. */
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
    for (Tensor row : rows()) {
      out.write(Tensors.bytes(row));
    }
  }

  @Override
  public Runnable load(DataInputStream in) throws IOException {
    int saved = in.readInt();
    List<byte[]> contents = new ArrayList<>();
    for (Tensor row : rows()) {
      byte[] bytes = new byte[Math.toIntExact(row.nbytes())];
      in.readFully(bytes);
      contents.add(bytes);
    }
    return () -> {
      updates = saved;
      for (int i = 0; i < contents.size(); i++) {
        Tensors.setBytes(rows().get(i), contents.get(i));
      }
    };
  }

  private List<Tensor> rows() {
    List<Tensor> rows = new ArrayList<>(moments);
    rows.add(parameters.values());
    return rows;
  }

  @Override
  public void close() {
    moments.forEach(Tensor::close);
  }
}
